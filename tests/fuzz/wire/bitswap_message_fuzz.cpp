// SPDX-License-Identifier: MIT
#include "multiformats/cid.hpp"
#include "wire/bitswap.hpp"

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

}  // namespace

// What is accepted holds only valid CIDs and costs a small multiple of the input; an empty block
// of two bytes is the dearest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = wire::decode_bitswap_message({data, size});
  if (!message) return 0;
  for (const auto& entry : message->wantlist) check_cid(*message, entry.cid);
  for (const auto& block : message->blocks) check_cid(*message, block.cid);
  for (const auto& presence : message->presences) check_cid(*message, presence.cid);
  require(message->blocks.size() <= wire::kMaxBlocksPerMessage);
  require(message->memory_size() <= sizeof(*message) + 100 * size);
  return 0;
}
