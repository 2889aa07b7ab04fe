// SPDX-License-Identifier: MIT

package record

import (
	"time"

	"github.com/ipfs/boxo/bitswap/message"
	"github.com/libp2p/go-libp2p/core/peer"
	"google.golang.org/protobuf/encoding/protowire"
)

// AppendMessage appends a Bitswap message that came or went, without the data of its blocks. Neither the
// protocol nor the size on the wire is known where kubo tells of messages.
func AppendMessage(to []byte, kind Kind, at time.Time, from peer.ID, message message.BitSwapMessage) ([]byte, bool) {
	w := begin(to, kind, 0, at)
	w.short(string(from))
	w.u8(0)
	w.u32(0)
	blocks := message.Blocks()
	w.count(len(blocks))
	for _, block := range blocks {
		w.short(block.Cid().KeyString())
		w.count(len(block.RawData()))
	}
	w.count(0)
	start := len(w.bytes)
	w.bytes = appendProtobuf(w.bytes, message)
	putCount(w.bytes[start-4:], len(w.bytes)-start)
	return w.end()
}

// The fields of Bitswap's protobuf.
const (
	fieldWantlist       = 1
	fieldBlockPresences = 4
	fieldPendingBytes   = 5

	fieldEntries = 1
	fieldFull    = 2

	fieldEntryBlock        = 1
	fieldEntryPriority     = 2
	fieldEntryCancel       = 3
	fieldEntryWantType     = 4
	fieldEntrySendDontHave = 5

	fieldPresenceCid  = 1
	fieldPresenceType = 2
)

// appendProtobuf does what ToProtoV1 and its encoding do, but for the payload, without an object per entry.
func appendProtobuf(to []byte, message message.BitSwapMessage) []byte {
	entries := message.Wantlist()
	size := 0
	for i := range entries {
		size += protowire.SizeTag(fieldEntries) + protowire.SizeBytes(entrySize(&entries[i]))
	}
	if message.Full() {
		size += varintFieldSize(fieldFull, 1)
	}
	to = protowire.AppendTag(to, fieldWantlist, protowire.BytesType)
	to = protowire.AppendVarint(to, uint64(size))
	for i := range entries {
		to = appendEntry(to, &entries[i])
	}
	to = appendVarintField(to, fieldFull, flag(message.Full()))
	for _, presence := range message.BlockPresences() {
		to = appendPresence(to, presence)
	}
	return appendVarintField(to, fieldPendingBytes, uint64(int64(message.PendingBytes())))
}

func entrySize(entry *message.Entry) int {
	return protowire.SizeTag(fieldEntryBlock) + protowire.SizeBytes(entry.Cid.ByteLen()) +
		varintFieldSize(fieldEntryPriority, uint64(int64(entry.Priority))) +
		varintFieldSize(fieldEntryCancel, flag(entry.Cancel)) +
		varintFieldSize(fieldEntryWantType, uint64(entry.WantType)) +
		varintFieldSize(fieldEntrySendDontHave, flag(entry.SendDontHave))
}

func appendEntry(to []byte, entry *message.Entry) []byte {
	to = protowire.AppendTag(to, fieldEntries, protowire.BytesType)
	to = protowire.AppendVarint(to, uint64(entrySize(entry)))
	to = protowire.AppendTag(to, fieldEntryBlock, protowire.BytesType)
	to = protowire.AppendString(to, entry.Cid.KeyString())
	to = appendVarintField(to, fieldEntryPriority, uint64(int64(entry.Priority)))
	to = appendVarintField(to, fieldEntryCancel, flag(entry.Cancel))
	to = appendVarintField(to, fieldEntryWantType, uint64(entry.WantType))
	return appendVarintField(to, fieldEntrySendDontHave, flag(entry.SendDontHave))
}

func appendPresence(to []byte, presence message.BlockPresence) []byte {
	size := protowire.SizeTag(fieldPresenceCid) + protowire.SizeBytes(presence.Cid.ByteLen()) +
		varintFieldSize(fieldPresenceType, uint64(presence.Type))
	to = protowire.AppendTag(to, fieldBlockPresences, protowire.BytesType)
	to = protowire.AppendVarint(to, uint64(size))
	to = protowire.AppendTag(to, fieldPresenceCid, protowire.BytesType)
	to = protowire.AppendString(to, presence.Cid.KeyString())
	return appendVarintField(to, fieldPresenceType, uint64(presence.Type))
}

// proto3 leaves out what is zero.
func varintFieldSize(field protowire.Number, value uint64) int {
	if value == 0 {
		return 0
	}
	return protowire.SizeTag(field) + protowire.SizeVarint(value)
}

func appendVarintField(to []byte, field protowire.Number, value uint64) []byte {
	if value == 0 {
		return to
	}
	return protowire.AppendVarint(protowire.AppendTag(to, field, protowire.VarintType), value)
}

func flag(set bool) uint64 {
	if set {
		return 1
	}
	return 0
}
