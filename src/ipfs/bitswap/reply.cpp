// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/reply.hpp"

#include "wire/bitswap_writer.hpp"

#include <algorithm>

namespace mexport::ipfs {
namespace {

base::Bytes prefix_of(const multiformats::Cid& cid) {
  base::Bytes prefix;
  multiformats::append_cid_prefix(prefix, cid.view());
  return prefix;
}

}  // namespace

base::ByteView ReplyFrame::slice(std::size_t offset, std::size_t most) const {
  base::ByteView part = head;
  if (offset >= head.size()) {
    offset -= head.size();
    part = *rest;
  }
  return part.subspan(offset, std::min(most, part.size() - offset));
}

ReplyFrame frame_of(const Reply& reply, wire::BitswapProtocol protocol) {
  const auto& [blocks, haves] = reply.content;
  if (blocks.size() == 1 && reply.data.front()->size() >= kLargeBlock) {
    const auto& data = reply.data.front();
    auto head = wire::head_of_block_message(protocol, prefix_of(blocks.front()), data->size());
    return {.head = std::move(head.frame), .rest = data, .body_size = head.body_size};
  }
  wire::BitswapMessageWriter writer(protocol);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    writer.add_block({.prefix = prefix_of(blocks[i]), .data = *reply.data[i]});
  }
  for (const auto& cid : haves) writer.add_presence(cid.bytes(), wire::BlockPresence::have);
  return {.head = writer.frame(), .rest = nullptr, .body_size = writer.body_size()};
}

}  // namespace mexport::ipfs
