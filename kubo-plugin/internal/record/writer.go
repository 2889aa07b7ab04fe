// SPDX-License-Identifier: MIT

package record

import (
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// writer appends one record to a buffer.
type writer struct {
	bytes []byte
	start int
	wrong bool // a field does not fit its length
}

func begin(to []byte, kind Kind, flags uint8, at time.Time) writer {
	w := writer{bytes: to, start: len(to)}
	w.u32(0)
	w.bytes = append(w.bytes, uint8(kind), flags, 0, 0)
	w.time(at)
	return w
}

// end returns the buffer with the record, or as it was, and false, when a field was too long.
func (w *writer) end() ([]byte, bool) {
	size := len(w.bytes) - w.start
	if w.wrong || size > MaxSize {
		return w.bytes[:w.start], false
	}
	binary.LittleEndian.PutUint32(w.bytes[w.start:], uint32(size))
	return w.bytes, true
}

func (w *writer) u8(value uint8)   { w.bytes = append(w.bytes, value) }
func (w *writer) u16(value uint16) { w.bytes = binary.LittleEndian.AppendUint16(w.bytes, value) }
func (w *writer) u32(value uint32) { w.bytes = binary.LittleEndian.AppendUint32(w.bytes, value) }
func (w *writer) u64(value uint64) { w.bytes = binary.LittleEndian.AppendUint64(w.bytes, value) }
func (w *writer) i64(value int64)  { w.u64(uint64(value)) }

func (w *writer) time(at time.Time) { w.i64(at.UnixNano()) }

func (w *writer) count(size int) {
	if uint64(size) > math.MaxUint32 {
		w.wrong = true
	}
	w.u32(uint32(size))
}

func (w *writer) short(value string) {
	if len(value) > math.MaxUint16 {
		w.wrong = true
		return
	}
	w.u16(uint16(len(value)))
	w.bytes = append(w.bytes, value...)
}

func (w *writer) long(value []byte) {
	w.count(len(value))
	w.bytes = append(w.bytes, value...)
}

// text writes valid UTF-8, cut to what its length can tell: a peer chooses its agent version freely.
func (w *writer) text(value string) {
	if !utf8.ValidString(value) {
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	if len(value) > math.MaxUint16 {
		end := math.MaxUint16
		for !utf8.RuneStart(value[end]) {
			end--
		}
		value = value[:end]
	}
	w.short(value)
}
