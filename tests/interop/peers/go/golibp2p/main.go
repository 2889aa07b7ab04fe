// SPDX-License-Identifier: MIT

// golibp2p is the go-libp2p side of the interop tests: hosts that a test driver commands line by line.
//
// stdin takes one JSON request per line, {"id": N, "do": "…", …}; stdout answers each with
// {"id": N, "ok": …} or {"id": N, "error": "…"}, and reports what happens meanwhile as {"event": "…", …}.
// Requests run concurrently. The program ends when stdin does.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// request holds the parameters of every command; each uses those it needs.
type request struct {
	ID       int      `json:"id"`
	Do       string   `json:"do"`
	Host     string   `json:"host"`
	Key      string   `json:"key"`
	Security []string `json:"security"`
	Listen   []string `json:"listen"`
	Addr     string   `json:"addr"`
	Peer     string   `json:"peer"`
	Protocol string   `json:"protocol"`
	Bitswap  []string `json:"bitswap"` // that a host serves; all versions by default
	Stream   int      `json:"stream"`
	Hex      string   `json:"hex"`
	Pad      int      `json:"pad"`
	Frame    bool     `json:"frame"`
	Count    int      `json:"count"`
	Seconds  float64  `json:"seconds"`
	Code     uint32   `json:"code"`
}

type object map[string]any

// output serialises whole lines onto stdout.
type output struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (o *output) send(v object) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.enc.Encode(v); err != nil {
		os.Exit(1) // the driver is gone
	}
}

func main() {
	out := &output{enc: json.NewEncoder(os.Stdout)}
	s := newServer(out)
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			fmt.Fprintln(os.Stderr, "bad request:", err)
			os.Exit(2)
		}
		go func() {
			result, err := s.handle(r)
			if err != nil {
				out.send(object{"id": r.ID, "error": err.Error()})
				return
			}
			out.send(object{"id": r.ID, "ok": result})
		}()
	}
	s.close()
}
