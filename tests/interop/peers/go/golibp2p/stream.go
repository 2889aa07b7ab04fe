// SPDX-License-Identifier: MIT

package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/libp2p/go-libp2p/core/network"
)

// maxFrame is Bitswap's own limit on a message.
const maxFrame = 4 << 20

// serveBitswap reports each frame that the peer sends on a Bitswap stream of its own.
func (n *node) serveBitswap(s network.Stream) {
	reader := bufio.NewReader(s)
	for {
		frame, err := readFrame(reader)
		if err != nil {
			n.report("stream_end", object{"peer": s.Conn().RemotePeer(), "protocol": s.Protocol(), "end": ending(err)})
			if errors.Is(err, io.EOF) {
				s.Close()
			} else {
				s.Reset()
			}
			return
		}
		n.report("message", object{
			"peer": s.Conn().RemotePeer(), "protocol": s.Protocol(), "hex": hex.EncodeToString(frame),
		})
	}
}

func readFrame(r *bufio.Reader) ([]byte, error) {
	size, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	if size > maxFrame {
		return nil, fmt.Errorf("frame of %d bytes", size)
	}
	frame := make([]byte, size)
	_, err = io.ReadFull(r, frame)
	return frame, err
}

// ending puts a stream's or connection's end into words and, where the peer gave one, its code.
func ending(err error) object {
	var stream *network.StreamError
	var conn *network.ConnError
	switch {
	case errors.Is(err, io.EOF):
		return object{"state": "eof"}
	case errors.As(err, &conn):
		return object{"state": "connection_closed", "code": conn.ErrorCode, "remote": conn.Remote}
	case errors.As(err, &stream):
		return object{"state": "reset", "code": stream.ErrorCode, "remote": stream.Remote}
	case errors.Is(err, network.ErrReset):
		return object{"state": "reset"}
	default:
		return object{"state": "failed", "why": err.Error()}
	}
}

// outbound is a stream that the driver opened: what came back on it, and how it ended.
type outbound struct {
	stream network.Stream
	mu     sync.Mutex
	got    []byte
	end    object
	reader sync.Once
}

func (o *outbound) read() {
	buffer := make([]byte, 64<<10)
	for {
		count, err := o.stream.Read(buffer)
		o.mu.Lock()
		o.got = append(o.got, buffer[:count]...)
		if err != nil {
			o.end = ending(err)
			o.mu.Unlock()
			return
		}
		o.mu.Unlock()
	}
}

// send writes the bytes, zeros up to `pad` bytes after them, and their length before them when framed.
func (o *outbound) send(text string, pad int, framed bool) (object, error) {
	data, err := hex.DecodeString(text)
	if err != nil {
		return nil, err
	}
	data = append(data, make([]byte, max(0, pad-len(data)))...)
	if framed {
		data = append(binary.AppendUvarint(nil, uint64(len(data))), data...)
	}
	_, err = o.stream.Write(data)
	// Only now: a lazily negotiated stream that reads before its first write would wait for ever.
	o.reader.Do(func() { go o.read() })
	return object{"sent": err == nil}, nil
}

func (o *outbound) state() object {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.end == nil {
		return object{"state": "open", "hex": hex.EncodeToString(o.got)}
	}
	v := object{"hex": hex.EncodeToString(o.got)}
	for k, x := range o.end {
		v[k] = x
	}
	return v
}
