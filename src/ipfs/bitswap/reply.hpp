// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "ipfs/blocks/block_set.hpp"
#include "wire/bitswap.hpp"
#include "wire/outgoing_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mexport::ipfs {

/// A block of this size or more travels alone, so that it need not be copied.
inline constexpr std::size_t kLargeBlock = 8 << 10;

/// What goes to a peer in one message because of one message of its.
struct Reply {
  wire::OutgoingReply content;
  std::vector<BlockSet::Data> data;  ///< of content.blocks; a large one is the only thing there
  std::uint64_t reply_to = 0;        ///< the peer's message, counted on its connection from 0

  std::size_t size() const { return content.blocks.size() + content.haves.size(); }
};

/// A reply in a protocol's form: the message behind its length prefix, in two parts.
struct ReplyFrame {
  base::Bytes head;
  BlockSet::Data rest;        ///< null: there is none
  std::size_t body_size = 0;  ///< of the protobuf

  std::size_t size() const { return head.size() + (rest ? rest->size() : 0); }
  /// Up to `most` bytes of it, from `offset` on.
  base::ByteView slice(std::size_t offset, std::size_t most) const;
};
ReplyFrame frame_of(const Reply& reply, wire::BitswapProtocol protocol);

}  // namespace mexport::ipfs
