// SPDX-License-Identifier: MIT

package metricexport

import (
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"

	"mexport/kubo-plugin/internal/queue"
	"mexport/kubo-plugin/internal/record"
)

// connections tells of each connection once that it is open and once that it is closed.
type connections struct {
	records *queue.Queue
	left    func(peer.ID) // called when the last connection of a peer has gone

	mutex sync.Mutex
	open  map[string]struct{} // by id
}

var _ network.Notifiee = (*connections)(nil)

func newConnections(records *queue.Queue, left func(peer.ID)) *connections {
	return &connections{records: records, left: left, open: make(map[string]struct{})}
}

// watch begins to listen, and tells of what is open already.
func (c *connections) watch(network network.Network) {
	network.Notify(c)
	for _, conn := range network.Conns() {
		guard("telling of an open connection", func() { c.found(conn) })
	}
}

// found takes a connection that may be closed at the same time: after IsClosed, Disconnected follows.
func (c *connections) found(conn network.Conn) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !conn.IsClosed() {
		c.opened(conn)
	}
}

func (c *connections) Connected(_ network.Network, conn network.Conn) {
	guard("telling of a connection", func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.opened(conn)
	})
}

func (c *connections) opened(conn network.Conn) {
	if _, known := c.open[conn.ID()]; known {
		return
	}
	c.open[conn.ID()] = struct{}{}
	at := time.Now()
	push(c.records, record.Connected, func(to []byte) ([]byte, bool) { return record.AppendConnected(to, at, conn) })
}

func (c *connections) Disconnected(network network.Network, conn network.Conn) {
	at := time.Now()
	guard("telling of a closed connection", func() {
		c.closed(conn, at)
		if len(network.ConnsToPeer(conn.RemotePeer())) == 0 {
			c.left(conn.RemotePeer())
		}
	})
}

func (c *connections) closed(conn network.Conn, at time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, known := c.open[conn.ID()]; !known {
		return
	}
	delete(c.open, conn.ID())
	push(c.records, record.Disconnected, func(to []byte) ([]byte, bool) { return record.AppendDisconnected(to, at, conn) })
}

func (*connections) Listen(network.Network, multiaddr.Multiaddr)      {}
func (*connections) ListenClose(network.Network, multiaddr.Multiaddr) {}
