// SPDX-License-Identifier: MIT
#include "compare/key.hpp"

#include "base/random.hpp"

#include <array>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mexport::compare {

namespace {

std::uint64_t seed() {
  static const std::uint64_t drawn = base::system_entropy();
  return drawn;
}

Key key_of(const void* bytes, std::size_t size) {
  const auto hash = XXH3_128bits_withSeed(bytes, size, seed());
  return {.low = hash.low64, .high = hash.high64};
}

}  // namespace

Key key_of(std::string_view bytes) {
  return key_of(bytes.data(), bytes.size());
}

Key key_of(const Key& first, const Key& second, std::uint64_t number) {
  const std::array<std::uint64_t, 5> parts{first.low, first.high, second.low, second.high, number};
  return key_of(parts.data(), sizeof parts);
}

}  // namespace mexport::compare
