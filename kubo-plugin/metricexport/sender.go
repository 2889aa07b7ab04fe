// SPDX-License-Identifier: MIT

package metricexport

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"

	"mexport/kubo-plugin/internal/queue"
	"mexport/kubo-plugin/internal/record"
)

// sender sends the probe's messages: to each peer one after the other, over a stream that stays open.
type sender struct {
	records *queue.Queue
	host    host.Host

	mutex    sync.Mutex
	messages map[uint64][]frame
	outboxes map[peer.ID]*outbox
}

// outbox belongs to the goroutine that empties it while it is busy; the stream is closed in between at most.
type outbox struct {
	waiting []letter
	busy    bool
	stream  network.Stream
}

type letter struct {
	send     uint64
	frames   []frame
	deadline time.Time
}

func newSender(records *queue.Queue, host host.Host) *sender {
	return &sender{records: records, host: host, messages: make(map[uint64][]frame), outboxes: make(map[peer.ID]*outbox)}
}

func (s *sender) learn(message uint64, frames []frame) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.messages[message] = frames
}

func (s *sender) forget(message uint64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.messages, message)
}

func (s *sender) answer(result record.Result) {
	push(s.records, record.Sent, func(to []byte) ([]byte, bool) { return record.AppendSent(to, time.Now(), result) })
}

// send answers in any case, by the deadline.
func (s *sender) send(to peer.ID, send, message uint64, deadline time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	frames, known := s.messages[message]
	if !known {
		s.answer(record.Result{Send: send, Before: time.Now(), Error: fmt.Sprintf("message %d is unknown", message)})
		return
	}
	box := s.outboxes[to]
	if box == nil {
		box = &outbox{}
		s.outboxes[to] = box
	}
	box.waiting = append(box.waiting, letter{send, frames, deadline})
	if !box.busy {
		box.busy = true
		go s.empty(to, box)
	}
}

func (s *sender) empty(to peer.ID, box *outbox) {
	for {
		next, any := s.next(box)
		if !any {
			return
		}
		s.answer(s.deliver(to, box, next))
	}
}

func (s *sender) next(box *outbox) (next letter, any bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(box.waiting) == 0 {
		box.waiting, box.busy = nil, false
		return letter{}, false
	}
	next = box.waiting[0]
	box.waiting = box.waiting[1:]
	return next, true
}

// deliver writes a message; on a stream that has ended meanwhile, once more on a new one.
func (s *sender) deliver(to peer.ID, box *outbox, sent letter) (result record.Result) {
	result = record.Result{Send: sent.send, Before: time.Now(), Error: "fault within the plugin"}
	guard("sending a message", func() {
		old := box.stream != nil
		err := s.write(to, box, sent, &result)
		if err != nil && old && time.Now().Before(sent.deadline) {
			err = s.write(to, box, sent, &result)
		}
		result.Took, result.Error = time.Since(result.Before), ""
		if err != nil {
			result.Error = err.Error()
		}
	})
	return result
}

func (s *sender) write(to peer.ID, box *outbox, sent letter, result *record.Result) error {
	result.Before, result.Protocol = time.Now(), ""
	stream, err := s.opened(to, box, sent)
	if err != nil {
		return err
	}
	used := string(stream.Protocol())
	bytes, err := frameOf(sent.frames, used)
	if err == nil {
		result.Before = time.Now()
		_ = stream.SetWriteDeadline(sent.deadline)
		_, err = stream.Write(bytes)
	}
	if err != nil {
		_ = stream.Reset()
		box.stream = nil
		return err
	}
	result.Protocol = used
	return nil
}

// opened returns the peer's stream. It dials nobody: only connected peers are asked.
func (s *sender) opened(to peer.ID, box *outbox, sent letter) (network.Stream, error) {
	if box.stream != nil && !box.stream.Conn().IsClosed() {
		return box.stream, nil
	}
	ctx, cancel := context.WithDeadline(network.WithNoDial(context.Background(), "probe"), sent.deadline)
	defer cancel()
	stream, err := s.host.NewStream(ctx, to, protocolsOf(sent.frames)...)
	if err != nil {
		box.stream = nil
		return nil, fmt.Errorf("opening a stream: %w", err)
	}
	box.stream = stream
	return stream, nil
}

func protocolsOf(frames []frame) []protocol.ID {
	ids := make([]protocol.ID, 0, len(frames))
	for _, frame := range frames {
		ids = append(ids, protocol.ID(frame.Protocol))
	}
	return ids
}

func frameOf(frames []frame, protocol string) ([]byte, error) {
	for _, frame := range frames {
		if frame.Protocol == protocol {
			return frame.Bytes, nil
		}
	}
	return nil, errors.New("no form of the message for " + protocol)
}

// left forgets a peer without connections, unless something is being sent to it.
func (s *sender) left(gone peer.ID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if box := s.outboxes[gone]; box != nil && !box.busy {
		delete(s.outboxes, gone)
	}
}

// close ends all streams that nothing is sent on.
func (s *sender) close() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for id, box := range s.outboxes {
		if !box.busy && box.stream != nil {
			_ = box.stream.Close()
			delete(s.outboxes, id)
		}
	}
}
