// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "wire/bitswap.hpp"

#include <cstddef>
#include <cstdint>

namespace mexport::wire {

/// An entry to be sent. Cancels as boxo sends them leave all but the CID at its default.
struct OutgoingEntry {
  base::ByteView cid;
  std::int32_t priority = 0;
  WantType want_type = WantType::block;
  bool cancel = false;
  bool send_dont_have = false;
};

/// A block to be sent; `prefix` as multiformats::CidPrefix describes it.
struct OutgoingBlock {
  base::ByteView prefix;
  base::ByteView data;
};

/// A message of one block, cut off before the block's data: that follows from elsewhere, uncopied.
struct BlockMessageHead {
  base::Bytes frame;          ///< what stands before the data, the length prefix included
  std::size_t body_size = 0;  ///< of the whole protobuf
};
BlockMessageHead head_of_block_message(BitswapProtocol protocol, base::ByteView prefix,
                                       std::size_t data_size);

/// Puts one Bitswap message together, byte for byte as boxo writes it (boxo: bitswap/message/
/// message.go): the wantlist stands first, also when it is empty, and default values are left out.
/// What the protocol does not know is left out too: want types and send_dont_have before 1.2.0,
/// presences before 1.1.0, where blocks travel without their prefix.
class BitswapMessageWriter {
 public:
  explicit BitswapMessageWriter(BitswapProtocol protocol) : protocol_(protocol) {}

  void add_entry(const OutgoingEntry& entry);
  void add_presence(base::ByteView cid, BlockPresence type);
  /// Room for presences of so many bytes.
  void reserve_presences(std::size_t size) { presences_.reserve(size); }
  void add_block(const OutgoingBlock& block);
  /// Says that the wantlist replaces all that was wanted before.
  void set_full(bool full) { full_ = full; }
  void set_pending_bytes(std::int32_t pending) { pending_bytes_ = pending; }

  /// Bytes of the protobuf so far, without its length prefix.
  std::size_t body_size() const;
  /// The message behind its length prefix, ready for the stream.
  base::Bytes frame() const;

 private:
  std::size_t wantlist_size() const { return entries_.size() + (full_ ? 2 : 0); }

  BitswapProtocol protocol_;
  bool full_ = false;
  std::int32_t pending_bytes_ = 0;
  base::Bytes entries_;    // encoded fields of the wantlist
  base::Bytes blocks_;     // encoded fields of the message
  base::Bytes presences_;  // encoded fields of the message
};

}  // namespace mexport::wire
