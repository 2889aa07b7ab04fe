// SPDX-License-Identifier: MIT

package metricexport

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"mexport/kubo-plugin/internal/record"
)

// command is what the monitor wants of the host; src/capi/mexport.h lists them.
type command struct {
	Command string `json:"command"`

	Level     string `json:"level"`
	Component string `json:"component"`
	Text      string `json:"text"`

	Message uint64  `json:"message"`
	Frames  []frame `json:"frames"`

	Send      uint64 `json:"send"`
	Peer      string `json:"peer"`
	TimeoutMS int64  `json:"timeout_ms"`
}

// frame is a message in the form of a protocol, with its length.
type frame struct {
	Protocol string `json:"protocol"`
	Bytes    []byte `json:"frame"`
}

// obey carries out a command, without waiting for the network.
func (r *running) obey(text []byte) error {
	var given command
	if err := json.Unmarshal(text, &given); err != nil {
		return fmt.Errorf("command of the monitor: %w", err)
	}
	switch given.Command {
	case "log":
		say(given.Level, given.Component, given.Text)
	case "message":
		r.sender.learn(given.Message, given.Frames)
	case "forget":
		r.sender.forget(given.Message)
	case "send":
		r.send(&given)
	default:
		return fmt.Errorf("command of the monitor: %q is unknown", given.Command)
	}
	return nil
}

func (r *running) send(given *command) {
	now := time.Now()
	to, err := peer.Decode(given.Peer)
	if err != nil {
		r.sender.answer(record.Result{Send: given.Send, Before: now, Error: fmt.Sprintf("peer id %q: %v", given.Peer, err)})
		return
	}
	r.sender.send(to, given.Send, given.Message, now.Add(time.Duration(given.TimeoutMS)*time.Millisecond))
}
