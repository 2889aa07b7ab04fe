// SPDX-License-Identifier: MIT

package queue

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"mexport/kubo-plugin/internal/record"
)

func sent(number uint64) []byte {
	bytes, _ := record.AppendSent(nil, time.Unix(1, 0), record.Result{Send: number, Before: time.Unix(1, 0)})
	return bytes
}

func kinds(batch []byte) (found []record.Kind) {
	for one := range Records(batch) {
		found = append(found, record.Kind(one[kindOffset]))
	}
	return found
}

func TestOrderIsKept(t *testing.T) {
	q := New(Capacity)
	q.Push(record.Sent, sent(1))
	q.Push(record.Sent, sent(2))
	<-q.Ready()
	batch, open := q.Take(nil)
	if !open || !bytes.Equal(batch, append(sent(1), sent(2)...)) {
		t.Fatalf("%x", batch)
	}
	if batch, _ = q.Take(batch); len(batch) != 0 {
		t.Fatalf("%x", batch)
	}
}

func TestWhatDoesNotFitIsNamedFirst(t *testing.T) {
	q := New(len(sent(1)))
	q.Push(record.Sent, sent(1))
	q.Push(record.Sent, sent(2))
	q.Push(record.Connected, sent(3))
	q.Drop(record.Connected)
	batch, _ := q.Take(nil)
	if got := kinds(batch); !slices.Equal(got, []record.Kind{record.Lost, record.Lost, record.Sent}) {
		t.Fatal(got)
	}
	want := record.AppendLost(nil, time.Unix(0, 0), record.Connected, 2)
	if got := batch[:len(want)]; !bytes.Equal(got[16:], want[16:]) {
		t.Fatalf("%x", got)
	}
	if dropped := q.Dropped(); dropped[record.Connected] != 2 || dropped[record.Sent] != 1 {
		t.Fatal(dropped)
	}
	if batch, _ = q.Take(nil); len(batch) != 0 {
		t.Fatalf("named twice: %x", batch)
	}
}

func TestMessagesLeaveRoomForConnections(t *testing.T) {
	q := New(2 * len(sent(1)))
	q.Push(record.Message, sent(1))
	q.Push(record.Message, sent(2))
	q.Push(record.Disconnected, sent(3))
	if batch, _ := q.Take(nil); !bytes.HasSuffix(batch, append(sent(1), sent(3)...)) || q.Dropped()[record.Message] != 1 {
		t.Fatalf("%x", batch)
	}
}

func TestASealedQueueTakesResultsAlone(t *testing.T) {
	q := New(Capacity)
	q.Seal()
	q.Push(record.Message, sent(1))
	q.Push(record.Sent, sent(2))
	if batch, _ := q.Take(nil); !bytes.Equal(batch, sent(2)) {
		t.Fatalf("%x", batch)
	}
}

func TestFlushWaitsForTheLastBatch(t *testing.T) {
	q := New(Capacity)
	q.Push(record.Sent, sent(1))
	if q.Flush(time.Millisecond) {
		t.Fatal("nothing was taken")
	}
	q.Take(nil)
	if q.Flush(time.Millisecond) {
		t.Fatal("nothing has arrived")
	}
	q.Handed()
	if !q.Flush(time.Minute) {
		t.Fatal("all has arrived")
	}
}

func TestACutRecordEndsABatch(t *testing.T) {
	batch := append(sent(1), sent(2)...)
	if got := len(kinds(batch[:len(batch)-1])); got != 1 {
		t.Fatal(got)
	}
}

func TestNothingIsLostOrDoubledBetweenManyGoroutines(t *testing.T) {
	const writers, each = 8, 1000
	q := New(Capacity)
	var writing sync.WaitGroup
	for range writers {
		writing.Add(1)
		go func() {
			defer writing.Done()
			for range each {
				q.Push(record.Sent, sent(7))
			}
		}()
	}
	go func() { writing.Wait(); q.Close() }()
	total := 0
	var batch []byte
	for open := true; open; {
		<-q.Ready()
		batch, open = q.Take(batch)
		total += len(kinds(batch))
	}
	if total != writers*each {
		t.Fatal(total)
	}
}
