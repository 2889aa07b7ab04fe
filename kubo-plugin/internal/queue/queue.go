// SPDX-License-Identifier: MIT

// Package queue holds encoded records between kubo, which must not wait, and the monitor.
package queue

import (
	"sync"
	"time"

	"mexport/kubo-plugin/internal/record"
)

const (
	Capacity = 16 << 20 // bytes that may wait
	keep     = 1 << 20  // bytes of room that an emptied buffer keeps
)

// Queue is bounded. What does not fit is dropped and counted by kind. For any number of goroutines.
type Queue struct {
	mutex    sync.Mutex
	capacity int
	waiting  []byte
	lost     [record.Kinds]uint64
	dropped  [record.Kinds]uint64 // since the start
	sealed   bool
	closed   bool
	ready    chan struct{}
	handed   sync.Cond // what was taken has arrived
	taken    bool
}

func New(capacity int) *Queue {
	q := &Queue{capacity: capacity, ready: make(chan struct{}, 1)}
	q.handed.L = &q.mutex
	return q
}

// Push takes a copy of a record; never waits for the monitor.
func (q *Queue) Push(kind record.Kind, bytes []byte) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if q.closed || (q.sealed && kind != record.Sent) {
		return
	}
	if len(q.waiting)+len(bytes) > q.room(kind) {
		q.count(kind)
		return
	}
	q.waiting = append(q.waiting, bytes...)
	q.wake()
}

// room keeps a quarter free of messages: the end of a connection must not be lost.
func (q *Queue) room(kind record.Kind) int {
	if kind == record.Message || kind == record.MessageSent {
		return q.capacity / 4 * 3
	}
	return q.capacity
}

// PushAll puts back what Take has returned.
func (q *Queue) PushAll(batch []byte) {
	for one := range Records(batch) {
		q.Push(record.Kind(one[kindOffset]), one)
	}
}

// Drop counts a record that could not be encoded.
func (q *Queue) Drop(kind record.Kind) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.count(kind)
}

func (q *Queue) count(kind record.Kind) {
	q.lost[kind]++
	q.dropped[kind]++
	q.wake()
}

func (q *Queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// Ready says when there is something to take, or the queue was closed.
func (q *Queue) Ready() <-chan struct{} { return q.ready }

// Take returns what waits, losses first, and whether more may come. It takes `spare` as the next buffer.
func (q *Queue) Take(spare []byte) (batch []byte, open bool) {
	q.mutex.Lock()
	waiting, lost := q.waiting, q.lost
	q.waiting, q.lost = spare[:0], [record.Kinds]uint64{}
	if cap(spare) > keep {
		q.waiting = nil
	}
	open = !q.closed
	q.taken = true
	q.mutex.Unlock()
	if lost == ([record.Kinds]uint64{}) {
		return waiting, open
	}
	return append(losses(lost), waiting...), open
}

// Handed says that what Take has returned has arrived.
func (q *Queue) Handed() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.taken = false
	q.handed.Broadcast()
}

// Seal takes nothing more but how sending went.
func (q *Queue) Seal() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.sealed = true
}

// Flush waits until all has been handed over, and says whether it was, in time.
func (q *Queue) Flush(timeout time.Duration) bool {
	late := false
	timer := time.AfterFunc(timeout, func() {
		q.mutex.Lock()
		defer q.mutex.Unlock()
		late = true
		q.handed.Broadcast()
	})
	defer timer.Stop()
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for (q.taken || len(q.waiting) > 0) && !late {
		q.handed.Wait()
	}
	return !late
}

func losses(lost [record.Kinds]uint64) []byte {
	var batch []byte
	for kind, count := range lost {
		if count > 0 {
			batch = record.AppendLost(batch, time.Now(), record.Kind(kind), count)
		}
	}
	return batch
}

// Dropped returns how many records of each kind were dropped since the start.
func (q *Queue) Dropped() [record.Kinds]uint64 {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return q.dropped
}

// Close ends it: no more is accepted, what waits can still be taken.
func (q *Queue) Close() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.closed = true
	q.wake()
}
