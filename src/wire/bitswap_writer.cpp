// SPDX-License-Identifier: MIT
#include "wire/bitswap_writer.hpp"

#include "multiformats/uvarint.hpp"
#include "wire/protobuf_writer.hpp"

namespace mexport::wire {
namespace {

bool knows_want_types(BitswapProtocol protocol) {
  return protocol == BitswapProtocol::v1_2_0;
}

/// The two oldest protocols carry bare blocks and no presences.
bool is_legacy(BitswapProtocol protocol) {
  return protocol == BitswapProtocol::v1_0_0 || protocol == BitswapProtocol::unversioned;
}

constexpr std::size_t kTagSize = 1;
constexpr std::size_t kTypeSize = 2;  // of a presence, with its tag

/// Bytes of a field that is length-delimited and has a tag of one byte.
std::size_t field_size(std::size_t content) {
  return kTagSize + multiformats::uvarint_size(content) + content;
}

void append_head(base::Bytes& out, std::uint8_t tag, std::size_t content) {
  out.push_back(tag);
  multiformats::append_uvarint(out, content);
}

}  // namespace

BlockMessageHead head_of_block_message(BitswapProtocol protocol, base::ByteView prefix,
                                       std::size_t data_size) {
  const bool bare = is_legacy(protocol);
  const std::size_t block = field_size(prefix.size()) + field_size(data_size);
  BlockMessageHead head;
  head.body_size = field_size(0) + field_size(bare ? data_size : block);
  multiformats::append_uvarint(head.frame, head.body_size);
  append_head(head.frame, 0x0a, 0);  // field 1, the wantlist
  if (!bare) {
    append_head(head.frame, 0x1a, block);  // field 3
    append_head(head.frame, 0x0a, prefix.size());
    base::append(head.frame, prefix);
  }
  append_head(head.frame, 0x12, data_size);  // field 2, here and there
  return head;
}

void BitswapMessageWriter::add_entry(const OutgoingEntry& entry) {
  ProtobufWriter wantlist(entries_);
  ProtobufWriter out(wantlist, 1);
  add_bytes(out, 1, entry.cid);
  if (entry.priority != 0) out.add_int32(2, entry.priority);
  if (entry.cancel) out.add_bool(3, true);
  if (!knows_want_types(protocol_)) return;
  if (entry.want_type != WantType::block) out.add_int32(4, static_cast<int>(entry.want_type));
  if (entry.send_dont_have) out.add_bool(5, true);
}

void BitswapMessageWriter::add_presence(base::ByteView cid, BlockPresence type) {
  if (is_legacy(protocol_)) return;
  // By hand: written thousands of times a second, and no size has to be found out afterwards.
  const std::size_t cid_field = kTagSize + multiformats::uvarint_size(cid.size()) + cid.size();
  const bool typed = type != BlockPresence::have;
  presences_.push_back(0x22);  // field 4, length-delimited
  multiformats::append_uvarint(presences_, cid_field + (typed ? kTypeSize : 0));
  presences_.push_back(0x0a);  // field 1, length-delimited
  multiformats::append_uvarint(presences_, cid.size());
  base::append(presences_, cid);
  if (!typed) return;
  presences_.push_back(0x10);  // field 2, varint
  presences_.push_back(static_cast<std::uint8_t>(type));
}

void BitswapMessageWriter::add_block(const OutgoingBlock& block) {
  ProtobufWriter message(blocks_);
  if (is_legacy(protocol_)) {
    add_bytes(message, 2, block.data);
    return;
  }
  ProtobufWriter out(message, 3);
  add_bytes(out, 1, block.prefix);
  add_bytes(out, 2, block.data);
}

std::size_t BitswapMessageWriter::body_size() const {
  std::size_t size = kTagSize + multiformats::uvarint_size(wantlist_size()) + wantlist_size() +
                     blocks_.size() + presences_.size();
  if (pending_bytes_ != 0) {
    // A negative int32 travels as ten bytes.
    const auto value = static_cast<std::uint64_t>(std::int64_t{pending_bytes_});
    size += kTagSize + static_cast<std::size_t>(protozero::length_of_varint(value));
  }
  return size;
}

base::Bytes BitswapMessageWriter::frame() const {
  const std::size_t size = body_size();
  base::Bytes out;
  out.reserve(multiformats::uvarint_size(size) + size);
  multiformats::append_uvarint(out, size);
  out.push_back(0x0a);  // field 1, length-delimited
  multiformats::append_uvarint(out, wantlist_size());
  base::append(out, entries_);
  if (full_) ProtobufWriter(out).add_bool(2, true);
  base::append(out, blocks_);
  base::append(out, presences_);
  if (pending_bytes_ != 0) ProtobufWriter(out).add_int32(5, pending_bytes_);
  return out;
}

}  // namespace mexport::wire
