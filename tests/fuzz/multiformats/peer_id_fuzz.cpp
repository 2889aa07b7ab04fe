// SPDX-License-Identifier: MIT
#include "multiformats/peer_id.hpp"
#include "tests/fuzz/multiformats/require.hpp"

#include <algorithm>

using namespace mexport;
using multiformats::PeerId;

namespace {

void check(const PeerId& id) {
  const auto from_text = PeerId::from_string(id.to_string());
  fuzz::require(from_text && *from_text == id);
  const auto from_bytes = PeerId::from_bytes(id.bytes());
  fuzz::require(from_bytes && *from_bytes == id);
  if (!id.inlined_key().empty()) fuzz::require(PeerId::from_identity(id.inlined_key()) == id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input(data, size);
  if (const auto id = PeerId::from_bytes(input)) {
    fuzz::require(std::ranges::equal(id->bytes(), input));
    check(*id);
  }
  if (const auto id = PeerId::from_string(base::as_text(input))) check(*id);
  return 0;
}
