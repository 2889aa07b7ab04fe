// SPDX-License-Identifier: MIT

package metricexport

import (
	"sync"
	"time"

	"github.com/ipfs/boxo/bitswap/message"
	"github.com/libp2p/go-libp2p/core/peer"

	"mexport/kubo-plugin/internal/queue"
	"mexport/kubo-plugin/internal/record"
)

// tracer is called by the reader of each Bitswap stream, and must not hold it up.
type tracer struct{ records *queue.Queue }

func (t *tracer) MessageReceived(from peer.ID, message message.BitSwapMessage) {
	t.push(record.Message, from, message)
}

func (t *tracer) MessageSent(to peer.ID, message message.BitSwapMessage) {
	t.push(record.MessageSent, to, message)
}

func (t *tracer) push(kind record.Kind, other peer.ID, message message.BitSwapMessage) {
	at := time.Now()
	guard("tracing a message", func() {
		push(t.records, kind, func(to []byte) ([]byte, bool) {
			return record.AppendMessage(to, kind, at, other, message)
		})
	})
}

var scratch = sync.Pool{New: func() any { return new([]byte) }}

// The largest buffer that is kept for the next record.
const keptScratch = 64 << 10

// push encodes a record and queues it.
func push(records *queue.Queue, kind record.Kind, encode func(to []byte) ([]byte, bool)) {
	buffer := scratch.Get().(*[]byte)
	bytes, ok := encode((*buffer)[:0])
	if ok {
		records.Push(kind, bytes)
	} else {
		records.Drop(kind)
	}
	if cap(bytes) <= keptScratch {
		*buffer = bytes
		scratch.Put(buffer)
	}
}
