// SPDX-License-Identifier: MIT

// Package capi is the monitor in C++, by way of src/capi/mexport.h. The only package with cgo.
package capi

// #cgo CFLAGS: -I${SRCDIR}/../../../src/capi
// #cgo LDFLAGS: ${SRCDIR}/../../lib/mexport.o -static-libgcc -lm -lpthread
// #include <stdlib.h>
// #include "mexport.h"
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unsafe"
)

var (
	ErrMalformed = errors.New("the monitor does not understand a record")
	ErrStopped   = errors.New("the monitor has been stopped")
	ErrFailed    = errors.New("the monitor failed; its log says why")
)

// Monitor is one running monitor. After Free nothing may be called.
type Monitor struct{ handle *C.mexport_monitor }

const errorCapacity = 8 << 10

// Start starts a monitor with options in JSON, as mexport_start() takes them.
func Start(options []byte) (*Monitor, error) {
	if found := uint32(C.mexport_abi_version()); found != C.MEXPORT_ABI_VERSION {
		return nil, fmt.Errorf("the linked libmexport.a has ABI version %d, this plugin was built for %d: build both from the same sources",
			found, uint32(C.MEXPORT_ABI_VERSION))
	}
	reason := (*C.char)(C.calloc(1, errorCapacity))
	defer C.free(unsafe.Pointer(reason))
	handle := C.mexport_start(text(options), C.size_t(len(options)), reason, errorCapacity)
	if handle == nil {
		return nil, errors.New(strings.TrimSpace(C.GoString(reason)))
	}
	return &Monitor{handle}, nil
}

// Submit hands over a batch of records. For one goroutine at a time.
func (m *Monitor) Submit(batch []byte) error {
	if len(batch) == 0 {
		return nil
	}
	return failure(C.mexport_submit(m.handle, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(batch))), C.size_t(len(batch))))
}

// NextCommand waits for a command; nil when none came in time. For one goroutine at a time.
func (m *Monitor) NextCommand(timeout time.Duration) ([]byte, error) {
	return growing(make([]byte, 16<<10), func(buffer *C.char, capacity C.size_t) C.int64_t {
		return C.mexport_next_command(m.handle, buffer, capacity, C.int(timeout.Milliseconds()))
	})
}

// Metrics returns what there is to tell to Prometheus, in its text format.
func (m *Monitor) Metrics() ([]byte, error) {
	return growing(make([]byte, 64<<10), func(buffer *C.char, capacity C.size_t) C.int64_t {
		return C.mexport_metrics(m.handle, buffer, capacity)
	})
}

// APIURLs returns where the HTTP API listens.
func (m *Monitor) APIURLs() ([]string, error) {
	urls, err := growing(make([]byte, 1<<10), func(buffer *C.char, capacity C.size_t) C.int64_t {
		return C.mexport_api_urls(m.handle, buffer, capacity)
	})
	return strings.Fields(string(urls)), err
}

// Stop ends it; everything that was submitted is written. Commands come, and have to be fetched, until it returns.
func (m *Monitor) Stop(timeout time.Duration) {
	C.mexport_stop(m.handle, C.int(timeout.Milliseconds()))
}

func (m *Monitor) Free() { C.mexport_free(m.handle) }

// growing calls again with more room as long as the answer does not fit.
func growing(buffer []byte, call func(*C.char, C.size_t) C.int64_t) ([]byte, error) {
	for {
		size := call(text(buffer), C.size_t(len(buffer)))
		if size <= C.int64_t(len(buffer)) {
			return buffer[:max(size, 0)], failure(size)
		}
		buffer = make([]byte, size+size/4)
	}
}

func text(bytes []byte) *C.char { return (*C.char)(unsafe.Pointer(unsafe.SliceData(bytes))) }

func failure(result C.int64_t) error {
	switch {
	case result >= 0:
		return nil
	case result == C.MEXPORT_MALFORMED:
		return ErrMalformed
	case result == C.MEXPORT_STOPPED:
		return ErrStopped
	default:
		return ErrFailed
	}
}
