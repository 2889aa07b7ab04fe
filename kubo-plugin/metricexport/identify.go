// SPDX-License-Identifier: MIT

package metricexport

import (
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"

	"mexport/kubo-plugin/internal/queue"
	"mexport/kubo-plugin/internal/record"
)

const identifyBacklog = 1024

// identifications tells what peers say of themselves.
type identifications struct {
	records      *queue.Queue
	network      network.Network
	subscription event.Subscription
}

func newIdentifications(records *queue.Queue, host host.Host) (*identifications, error) {
	subscription, err := host.EventBus().Subscribe([]any{
		new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerIdentificationFailed),
	}, eventbus.BufSize(identifyBacklog))
	if err != nil {
		return nil, fmt.Errorf("subscribing to what identify finds: %w", err)
	}
	return &identifications{records, host.Network(), subscription}, nil
}

// run returns once the subscription is closed.
func (i *identifications) run() {
	for told := range i.subscription.Out() {
		guard("telling of an identified peer", func() { i.tell(told) })
	}
}

func (i *identifications) tell(told any) {
	at := time.Now()
	switch told := told.(type) {
	case event.EvtPeerIdentificationCompleted:
		push(i.records, record.Identified, func(to []byte) ([]byte, bool) {
			return record.AppendIdentified(to, at, &told, envelope(&told))
		})
	case event.EvtPeerIdentificationFailed:
		push(i.records, record.Identified, func(to []byte) ([]byte, bool) {
			return record.AppendIdentifyFailed(to, at, i.newest(told.Peer), fmt.Sprint(told.Reason))
		})
	}
}

func envelope(told *event.EvtPeerIdentificationCompleted) []byte {
	if told.SignedPeerRecord == nil {
		return nil
	}
	bytes, err := told.SignedPeerRecord.Marshal()
	if err != nil {
		log.Warnf("the signed record of %s: %v", told.Peer, err)
	}
	return bytes
}

// newest returns the connection of a peer that was opened last: a failure does not say which it was.
func (i *identifications) newest(of peer.ID) string {
	var newest network.Conn
	for _, conn := range i.network.ConnsToPeer(of) {
		if newest == nil || conn.Stat().Opened.After(newest.Stat().Opened) {
			newest = conn
		}
	}
	if newest == nil {
		return ""
	}
	return newest.ID()
}

func (i *identifications) close() { _ = i.subscription.Close() }
