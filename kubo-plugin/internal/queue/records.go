// SPDX-License-Identifier: MIT

package queue

import (
	"encoding/binary"
	"iter"
)

const (
	kindOffset = 4
	leastSize  = 16
)

// Records returns the records of a batch one by one, up to one that is cut.
func Records(batch []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(batch) >= leastSize {
			size := int(binary.LittleEndian.Uint32(batch))
			if size < leastSize || size > len(batch) || !yield(batch[:size]) {
				return
			}
			batch = batch[size:]
		}
	}
}
