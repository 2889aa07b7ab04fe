// SPDX-License-Identifier: MIT
#include "multiformats/uvarint.hpp"

#include "multiformats/error.hpp"

#include <bit>
#include <cassert>

namespace mexport::multiformats {
namespace {

constexpr std::uint8_t kMore = 0x80;
constexpr unsigned kGroupBits = 7;

}  // namespace

base::Result<Uvarint> decode_uvarint(base::ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kMaxUvarintSize; ++i) {
    if (i == bytes.size()) return base::fail(Error::truncated);
    const std::uint8_t byte = bytes[i];
    value |= std::uint64_t{static_cast<std::uint8_t>(byte & ~kMore)} << (kGroupBits * i);
    if ((byte & kMore) != 0) continue;
    if (byte == 0 && i > 0) return base::fail(Error::varint_not_minimal);
    return Uvarint{value, i + 1};
  }
  return base::fail(Error::varint_too_long);
}

void append_uvarint(base::Bytes& out, std::uint64_t value) {
  assert(value <= kMaxUvarint);
  while (value >= kMore) {
    out.push_back(static_cast<std::uint8_t>(value | kMore));
    value >>= kGroupBits;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

std::size_t uvarint_size(std::uint64_t value) {
  const auto bits = static_cast<std::size_t>(std::bit_width(value | 1));
  return (bits + kGroupBits - 1) / kGroupBits;
}

}  // namespace mexport::multiformats
