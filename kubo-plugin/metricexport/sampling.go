// SPDX-License-Identifier: MIT

package metricexport

import (
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multiaddr"

	"mexport/kubo-plugin/internal/queue"
	"mexport/kubo-plugin/internal/record"
)

// sampler tells, at intervals, what the host knows of its peers, their streams and its own addresses.
type sampler struct {
	records   *queue.Queue
	host      host.Host
	announced []multiaddr.Multiaddr
}

const peersPerRecord = 500

// run samples at once and then each interval, until `done`.
func (s *sampler) run(interval time.Duration, done <-chan struct{}) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		guard("sampling", s.sample)
		select {
		case <-ticker.C:
		case <-done:
			return
		}
	}
}

func (s *sampler) sample() {
	at := time.Now()
	s.addresses(at)
	s.streams(at)
	for some := range slices.Chunk(s.host.Network().Peers(), peersPerRecord) {
		s.peers(at, some)
	}
}

func (s *sampler) addresses(at time.Time) {
	addresses := s.host.Addrs()
	same := func(a, b multiaddr.Multiaddr) bool { return a.Equal(b) }
	if s.announced != nil && slices.EqualFunc(addresses, s.announced, same) {
		return
	}
	s.announced = addresses
	push(s.records, record.Addresses, func(to []byte) ([]byte, bool) { return record.AppendAddresses(to, at, addresses) })
}

func (s *sampler) streams(at time.Time) {
	counts := make(map[string]record.StreamCount)
	for _, conn := range s.host.Network().Conns() {
		for _, stream := range conn.GetStreams() {
			count := counts[string(stream.Protocol())]
			switch stream.Stat().Direction {
			case network.DirInbound:
				count.Inbound++
			case network.DirOutbound:
				count.Outbound++
			}
			counts[string(stream.Protocol())] = count
		}
	}
	push(s.records, record.Streams, func(to []byte) ([]byte, bool) { return record.AppendStreams(to, at, counts) })
}

func (s *sampler) peers(at time.Time, ids []peer.ID) {
	known := make([]record.Peer, 0, len(ids))
	for _, id := range ids {
		known = append(known, s.peer(id))
	}
	push(s.records, record.Peers, func(to []byte) ([]byte, bool) { return record.AppendPeers(to, at, known) })
}

// peer looks up what is known; what is not, is left empty.
func (s *sampler) peer(id peer.ID) record.Peer {
	store := s.host.Peerstore()
	agent, _ := store.Get(id, "AgentVersion")
	version, _ := agent.(string)
	protocols, _ := store.GetProtocols(id)
	return record.Peer{ID: id, Latency: store.LatencyEWMA(id), AgentVersion: version, Protocols: protocol.ConvertToStrings(protocols)}
}
