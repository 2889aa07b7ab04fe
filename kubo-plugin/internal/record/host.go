// SPDX-License-Identifier: MIT

package record

import (
	"encoding/binary"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
)

func putCount(at []byte, count int) { binary.LittleEndian.PutUint32(at, uint32(count)) }

// AppendConnected appends a connection that was opened, or is found open.
func AppendConnected(to []byte, at time.Time, conn network.Conn) ([]byte, bool) {
	stat, state := conn.Stat(), conn.ConnState()
	var flags uint8
	if stat.Direction == network.DirOutbound {
		flags |= flagOutbound
	}
	if stat.Limited {
		flags |= flagRelayed
	}
	w := begin(to, Connected, flags, at)
	w.short(string(conn.RemotePeer()))
	w.text(conn.ID())
	w.address(conn.RemoteMultiaddr())
	w.address(conn.LocalMultiaddr())
	w.time(stat.Opened)
	w.text(string(state.Security))
	w.text(string(state.StreamMultiplexer))
	w.text(state.Transport)
	return w.end()
}

// AppendDisconnected appends the end of a connection.
func AppendDisconnected(to []byte, at time.Time, conn network.Conn) ([]byte, bool) {
	w := begin(to, Disconnected, 0, at)
	w.text(conn.ID())
	return w.end()
}

// AppendIdentified appends what a peer has told of itself. `envelope` is its signed record, as it came.
func AppendIdentified(to []byte, at time.Time, told *event.EvtPeerIdentificationCompleted, envelope []byte) ([]byte, bool) {
	w := begin(to, Identified, 0, at)
	w.text(told.Conn.ID())
	w.text(told.AgentVersion)
	w.text(told.ProtocolVersion)
	w.count(len(told.Protocols))
	for _, protocol := range told.Protocols {
		w.text(string(protocol))
	}
	w.addresses(told.ListenAddrs)
	w.address(told.ObservedAddr)
	w.long(envelope)
	return w.end()
}

// AppendIdentifyFailed appends that a peer has not told who it is.
func AppendIdentifyFailed(to []byte, at time.Time, connection string, reason string) ([]byte, bool) {
	w := begin(to, Identified, flagFailed, at)
	for _, text := range []string{connection, "", ""} {
		w.text(text)
	}
	w.count(0)
	w.addresses(nil)
	w.address(nil)
	w.long(nil)
	w.text(reason)
	return w.end()
}

// AppendLost appends how many records of a kind could not be handed over.
func AppendLost(to []byte, at time.Time, kind Kind, count uint64) []byte {
	w := begin(to, Lost, 0, at)
	w.u8(uint8(kind))
	w.u64(count)
	bytes, _ := w.end()
	return bytes
}

// StreamCount is the number of open streams of a protocol.
type StreamCount struct{ Inbound, Outbound uint32 }

// AppendStreams appends the streams that are open now.
func AppendStreams(to []byte, at time.Time, streams map[string]StreamCount) ([]byte, bool) {
	w := begin(to, Streams, 0, at)
	w.count(len(streams))
	for protocol, count := range streams {
		w.text(protocol)
		w.u32(count.Inbound)
		w.u32(count.Outbound)
	}
	return w.end()
}

// Peer is what the host knows of a connected peer.
type Peer struct {
	ID           peer.ID
	Latency      time.Duration
	AgentVersion string
	Protocols    []string
}

// AppendPeers appends some of the connected peers.
func AppendPeers(to []byte, at time.Time, peers []Peer) ([]byte, bool) {
	w := begin(to, Peers, 0, at)
	w.count(len(peers))
	for _, known := range peers {
		w.short(string(known.ID))
		w.i64(int64(known.Latency))
		w.text(known.AgentVersion)
		w.count(len(known.Protocols))
		for _, protocol := range known.Protocols {
			w.text(protocol)
		}
	}
	return w.end()
}

// Result is how a "send" command went; Protocol is empty when nothing was written, Error when it is out.
type Result struct {
	Send     uint64
	Protocol string
	Before   time.Time
	Took     time.Duration
	Error    string
}

// AppendSent appends the answer to a "send" command.
func AppendSent(to []byte, at time.Time, result Result) ([]byte, bool) {
	w := begin(to, Sent, 0, at)
	w.u64(result.Send)
	w.u8(bitswapProtocols[result.Protocol])
	w.time(result.Before)
	w.i64(int64(result.Took))
	w.text(result.Error)
	return w.end()
}

// AppendAddresses appends what the host listens on and announces now.
func AppendAddresses(to []byte, at time.Time, addresses []multiaddr.Multiaddr) ([]byte, bool) {
	w := begin(to, Addresses, 0, at)
	w.addresses(addresses)
	return w.end()
}
