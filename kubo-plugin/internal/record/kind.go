// SPDX-License-Identifier: MIT

// Package record encodes what the host sees in the form that src/capi/mexport.h describes.
package record

// Kind says what a record tells: MEXPORT_RECORD_ of the header.
type Kind uint8

const (
	Message      Kind = 1
	MessageSent  Kind = 2
	Connected    Kind = 3
	Disconnected Kind = 4
	Identified   Kind = 5
	Lost         Kind = 6
	Streams      Kind = 7
	Peers        Kind = 8
	Sent         Kind = 9
	Addresses    Kind = 10

	Kinds = 11 // one more than the last
)

var kindNames = [Kinds]string{
	"", "message", "message_sent", "connected", "disconnected", "identified", "lost", "streams", "peers", "sent", "addresses",
}

func (kind Kind) String() string { return kindNames[kind] }

// MEXPORT_FLAG_ of the header.
const (
	flagOutbound = 1
	flagRelayed  = 2
	flagFailed   = 4
)

// MEXPORT_MAX_RECORD_SIZE of the header.
const MaxSize = 16 << 20

var bitswapProtocols = map[string]uint8{
	"/ipfs/bitswap":       1,
	"/ipfs/bitswap/1.0.0": 2,
	"/ipfs/bitswap/1.1.0": 3,
	"/ipfs/bitswap/1.2.0": 4,
}
