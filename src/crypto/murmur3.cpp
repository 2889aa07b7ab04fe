// SPDX-License-Identifier: MIT
#include "crypto/murmur3.hpp"

#include <bit>
#include <cstddef>

namespace mexport::crypto {
namespace {

constexpr std::uint64_t kFactor1 = 0x87c37b91114253d5;
constexpr std::uint64_t kFactor2 = 0x4cf5ad432745937f;

// Up to 8 bytes, little-endian.
std::uint64_t load(base::ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
  return value;
}

std::uint64_t scramble_low(std::uint64_t k) {
  return std::rotl(k * kFactor1, 31) * kFactor2;
}

std::uint64_t scramble_high(std::uint64_t k) {
  return std::rotl(k * kFactor2, 33) * kFactor1;
}

std::uint64_t finish(std::uint64_t h) {
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
  return h ^ (h >> 33);
}

}  // namespace

std::uint64_t murmur3_x64_64(base::ByteView data) {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto rest = data;
  for (; rest.size() >= 16; rest = rest.subspan(16)) {
    low ^= scramble_low(load(rest.first(8)));
    low = (std::rotl(low, 27) + high) * 5 + 0x52dce729;
    high ^= scramble_high(load(rest.subspan(8, 8)));
    high = (std::rotl(high, 31) + low) * 5 + 0x38495ab5;
  }
  if (rest.size() > 8) high ^= scramble_high(load(rest.subspan(8)));
  if (!rest.empty()) low ^= scramble_low(load(rest.first(rest.size() > 8 ? 8 : rest.size())));
  low ^= data.size();
  high ^= data.size();
  low += high;
  high += low;
  return finish(low) + finish(high);
}

}  // namespace mexport::crypto
