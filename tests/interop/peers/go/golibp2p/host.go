// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
)

var bitswapProtocols = []protocol.ID{
	"/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0", "/ipfs/bitswap/1.0.0", "/ipfs/bitswap",
}

// node is one host with what it has learnt of its peers.
type node struct {
	name string
	host host.Host
	out  *output

	mu         sync.Mutex
	identified map[peer.ID]object
	news       chan struct{} // closed and replaced when identified changes
}

func makeKey(kind string) (crypto.PrivKey, error) {
	kinds := map[string]struct{ kind, bits int }{
		"": {crypto.Ed25519, 0}, "ed25519": {crypto.Ed25519, 0}, "secp256k1": {crypto.Secp256k1, 0},
		"ecdsa": {crypto.ECDSA, 0}, "rsa": {crypto.RSA, 2048},
	}
	k, known := kinds[kind]
	if !known {
		return nil, fmt.Errorf("no such key type: %s", kind)
	}
	key, _, err := crypto.GenerateKeyPairWithReader(k.kind, k.bits, rand.Reader)
	return key, err
}

// newNode makes a TCP-only host. Security protocols are proposed in the order given; Noise alone by default.
func newNode(out *output, r request) (*node, error) {
	key, err := makeKey(r.Key)
	if err != nil {
		return nil, err
	}
	options := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.NoTransports,
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.UserAgent("mexport-interop/go"),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
	}
	if len(r.Security) == 0 {
		r.Security = []string{"noise"}
	}
	for _, s := range r.Security {
		if s == "noise" {
			options = append(options, libp2p.Security(noise.ID, noise.New))
		} else {
			options = append(options, libp2p.Security(libp2ptls.ID, libp2ptls.New))
		}
	}
	if len(r.Listen) > 0 {
		options = append(options, libp2p.ListenAddrStrings(r.Listen...))
	} else {
		options = append(options, libp2p.NoListenAddrs)
	}
	h, err := libp2p.New(options...)
	if err != nil {
		return nil, err
	}
	n := &node{name: r.Host, host: h, out: out, identified: map[peer.ID]object{}, news: make(chan struct{})}
	for _, p := range bitswapProtocols {
		if len(r.Bitswap) == 0 || slices.Contains(r.Bitswap, string(p)) {
			h.SetStreamHandler(p, n.serveBitswap)
		}
	}
	h.Network().Notify(&network.NotifyBundle{
		ConnectedF:    func(_ network.Network, c network.Conn) { n.report("connected", connection(c)) },
		DisconnectedF: func(_ network.Network, c network.Conn) { n.report("disconnected", connection(c)) },
	})
	return n, n.watchIdentify()
}

func (n *node) report(event string, v object) {
	v["event"], v["host"] = event, n.name
	n.out.send(v)
}

func connection(c network.Conn) object {
	state := c.ConnState()
	return object{
		"peer": c.RemotePeer(), "local": c.LocalMultiaddr(), "remote": c.RemoteMultiaddr(),
		"direction": c.Stat().Direction.String(), "security": state.Security, "muxer": state.StreamMultiplexer,
		"early_muxer": state.UsedEarlyMuxerNegotiation, "key_type": c.RemotePublicKey().Type().String(),
	}
}

func (n *node) watchIdentify() error {
	sub, err := n.host.EventBus().Subscribe([]any{
		new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerIdentificationFailed),
	})
	if err != nil {
		return err
	}
	go func() {
		for e := range sub.Out() {
			switch e := e.(type) {
			case event.EvtPeerIdentificationCompleted:
				n.learn(e.Peer, identity(e))
			case event.EvtPeerIdentificationFailed:
				n.learn(e.Peer, object{"failed": e.Reason.Error()})
			}
		}
	}()
	return nil
}

// identity tells of one identify message. go-libp2p hands on a record only after its signature held.
func identity(e event.EvtPeerIdentificationCompleted) object {
	v := object{
		"agent": e.AgentVersion, "protocol_version": e.ProtocolVersion, "protocols": e.Protocols,
		"listen_addrs": e.ListenAddrs, "observed_addr": e.ObservedAddr, "signed": false,
	}
	if e.SignedPeerRecord == nil {
		return v
	}
	record := &peer.PeerRecord{}
	if err := e.SignedPeerRecord.TypedRecord(record); err != nil {
		v["record_error"] = err.Error()
		return v
	}
	v["signed"], v["record_seq"], v["record_addrs"] = true, record.Seq, record.Addrs
	v["record_peer"] = record.PeerID
	return v
}

func (n *node) learn(id peer.ID, v object) {
	n.mu.Lock()
	n.identified[id] = v
	close(n.news)
	n.news = make(chan struct{})
	n.mu.Unlock()
	told := object{"peer": id}
	for k, x := range v {
		told[k] = x
	}
	n.report("identified", told)
}

// identify waits until the peer has been identified.
func (n *node) identify(id peer.ID, patience time.Duration) (object, error) {
	deadline := time.After(patience)
	for {
		n.mu.Lock()
		v, known := n.identified[id]
		news := n.news
		n.mu.Unlock()
		if known {
			return v, nil
		}
		select {
		case <-news:
		case <-deadline:
			return nil, fmt.Errorf("%s was not identified within %s", id, patience)
		}
	}
}

func (n *node) connect(ctx context.Context, addr string) (object, error) {
	parsed, err := ma.NewMultiaddr(addr)
	if err != nil {
		return nil, err
	}
	info, err := peer.AddrInfoFromP2pAddr(parsed)
	if err != nil {
		return nil, err
	}
	// Not host.Connect, which waits for identify and hides a peer that fails it.
	n.host.Peerstore().AddAddrs(info.ID, info.Addrs, time.Hour)
	n.host.Network().(*swarm.Swarm).Backoff().Clear(info.ID) // a second try is one
	c, err := n.host.Network().DialPeer(ctx, info.ID)
	if err != nil {
		return nil, err
	}
	return connection(c), nil
}
