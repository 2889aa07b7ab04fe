// SPDX-License-Identifier: MIT
#include "multiformats/cid.hpp"
#include "wire/bitswap.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace mexport;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_cid(const wire::BitswapMessage& message, wire::CidSlice cid) {
  require(std::size_t{cid.offset} + cid.size <= message.cids.size());
  require(multiformats::validate_cid(message.cid(cid)).has_value());
}

template <class List>
void check_same_cids(const wire::BitswapMessage& a, const List& in_a, const wire::BitswapMessage& b,
                     const List& in_b) {
  require(std::ranges::equal(in_a, in_b, [&](const auto& one, const auto& other) {
    check_cid(b, other.cid);
    return std::ranges::equal(a.cid(one.cid), b.cid(other.cid));
  }));
}

void check_same(const wire::BitswapMessage& a, const wire::BitswapMessage& b) {
  check_same_cids(a, a.wantlist, b, b.wantlist);
  check_same_cids(a, a.blocks, b, b.blocks);
  check_same_cids(a, a.presences, b, b.presences);
}

}  // namespace

// However the body is handed in, the outcome is the same. What is accepted holds only valid CIDs
// and costs a small multiple of the input; an empty block of two bytes is the dearest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView body(data, size);
  const auto message = wire::decode_bitswap_message(body);
  const auto given_away = wire::decode_bitswap_message(base::to_bytes(body));
  require(message.has_value() == given_away.has_value());
  if (!message) {
    require(message.error() == given_away.error());
    return 0;
  }
  check_same(*message, *given_away);
  for (const auto& entry : message->wantlist) check_cid(*message, entry.cid);
  for (const auto& block : message->blocks) check_cid(*message, block.cid);
  for (const auto& presence : message->presences) check_cid(*message, presence.cid);
  require(message->blocks.size() <= wire::kMaxBlocksPerMessage);
  require(message->memory_size() <= sizeof(*message) + 100 * size);
  return 0;
}
