// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

const (
	defaultPatience = 15 * time.Second
	defaultPings    = 3
)

// server holds the hosts and streams by the names the driver knows them by.
type server struct {
	out     *output
	mu      sync.Mutex
	nodes   map[string]*node
	streams map[int]*outbound
}

func newServer(out *output) *server {
	return &server{out: out, nodes: map[string]*node{}, streams: map[int]*outbound{}}
}

func (s *server) handle(r request) (object, error) {
	patience := defaultPatience
	if r.Seconds > 0 {
		patience = time.Duration(r.Seconds * float64(time.Second))
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()

	switch r.Do {
	case "host":
		return s.host(r)
	case "send", "state", "close_write", "close_stream", "reset":
		return s.onStream(r)
	}
	s.mu.Lock()
	n := s.nodes[r.Host]
	s.mu.Unlock()
	if n == nil {
		return nil, fmt.Errorf("no such host: %q", r.Host)
	}
	if r.Do == "connect" {
		return n.connect(ctx, r.Addr)
	}
	if r.Do == "shut" {
		s.mu.Lock()
		delete(s.nodes, r.Host)
		s.mu.Unlock()
		return object{}, n.host.Close()
	}
	id, err := peer.Decode(r.Peer)
	if err != nil {
		return nil, err
	}
	switch r.Do {
	case "connections":
		list := []object{}
		for _, c := range n.host.Network().ConnsToPeer(id) {
			list = append(list, connection(c))
		}
		return object{"connections": list}, nil
	case "identify":
		return n.identify(id, patience)
	case "ping":
		return n.ping(ctx, id, r.Count)
	case "open":
		return s.open(ctx, n, id, protocol.ID(r.Protocol))
	case "disconnect":
		return n.disconnect(id, r.Code)
	}
	return nil, fmt.Errorf("no such command: %q", r.Do)
}

func (s *server) host(r request) (object, error) {
	n, err := newNode(s.out, r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.nodes[r.Host] = n
	s.mu.Unlock()
	addrs := []string{}
	for _, a := range n.host.Network().ListenAddresses() {
		addrs = append(addrs, a.String()+"/p2p/"+n.host.ID().String())
	}
	return object{"peer": n.host.ID(), "addrs": addrs}, nil
}

func (s *server) open(ctx context.Context, n *node, id peer.ID, proto protocol.ID) (object, error) {
	stream, err := n.host.NewStream(network.WithNoDial(ctx, "the driver dials"), id, proto)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	number := len(s.streams) + 1
	s.streams[number] = &outbound{stream: stream}
	return object{"stream": number, "protocol": stream.Protocol()}, nil
}

func (s *server) onStream(r request) (object, error) {
	s.mu.Lock()
	o := s.streams[r.Stream]
	s.mu.Unlock()
	if o == nil {
		return nil, fmt.Errorf("no such stream: %d", r.Stream)
	}
	switch r.Do {
	case "send":
		return o.send(r.Hex, r.Pad, r.Frame)
	case "close_write":
		return object{}, o.stream.CloseWrite()
	case "close_stream":
		return object{}, o.stream.Close()
	case "reset":
		return object{}, o.stream.ResetWithError(network.StreamErrorCode(r.Code))
	}
	return o.state(), nil
}

func (n *node) ping(ctx context.Context, id peer.ID, count int) (object, error) {
	if count == 0 {
		count = defaultPings
	}
	times := []int64{}
	for result := range ping.Ping(ctx, n.host, id) {
		if result.Error != nil {
			return nil, result.Error
		}
		times = append(times, result.RTT.Microseconds())
		if len(times) == count {
			break
		}
	}
	return object{"rtt_us": times}, nil
}

func (n *node) disconnect(id peer.ID, code uint32) (object, error) {
	for _, c := range n.host.Network().ConnsToPeer(id) {
		if err := c.CloseWithError(network.ConnErrorCode(code)); err != nil {
			return nil, err
		}
	}
	return object{}, nil
}

func (s *server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.nodes {
		n.host.Close()
	}
}
