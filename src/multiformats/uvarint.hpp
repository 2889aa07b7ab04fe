// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>

namespace mexport::multiformats {

/// Nine groups of seven bits: values up to 2^63 - 1 (multiformats/unsigned-varint).
inline constexpr std::size_t kMaxUvarintSize = 9;
inline constexpr std::uint64_t kMaxUvarint = (std::uint64_t{1} << 63) - 1;

/// A decoded value and how many bytes it took.
struct Uvarint {
  std::uint64_t value = 0;
  std::size_t size = 0;
};

/// Reads the unsigned varint that `bytes` begins with; what follows it is not looked at.
/// Error::truncated means that more bytes may complete it, so that readers of a stream can wait;
/// Error::varint_too_long and Error::varint_not_minimal are final. Not for protobuf's varints.
base::Result<Uvarint> decode_uvarint(base::ByteView bytes);

/// Appends at most 9 bytes. Pre-condition: value <= kMaxUvarint.
void append_uvarint(base::Bytes& out, std::uint64_t value);
std::size_t uvarint_size(std::uint64_t value);

}  // namespace mexport::multiformats
