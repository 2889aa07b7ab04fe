// SPDX-License-Identifier: MIT

package metricexport

import (
	"runtime/debug"
	"sync/atomic"
)

var panics atomic.Uint64

// guard keeps a fault of ours from ending kubo: it is logged and counted.
func guard(what string, body func()) {
	defer func() {
		if fault := recover(); fault != nil {
			panics.Add(1)
			log.Errorf("%s: panic: %v\n%s", what, fault, debug.Stack())
		}
	}()
	body()
}
