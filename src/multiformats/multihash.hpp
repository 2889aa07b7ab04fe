// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>

namespace mexport::multiformats {

/// Hash functions by their codes (multiformats/multicodec: table.csv). Any other code is carried.
enum class HashCode : std::uint64_t {
  identity = 0x00,
  sha1 = 0x11,
  sha2_256 = 0x12,
  sha2_512 = 0x13,
  sha3_512 = 0x14,
  sha3_384 = 0x15,
  sha3_256 = 0x16,
  sha3_224 = 0x17,
  shake_128 = 0x18,
  shake_256 = 0x19,
  keccak_224 = 0x1a,
  keccak_256 = 0x1b,
  keccak_384 = 0x1c,
  keccak_512 = 0x1d,
  blake3 = 0x1e,
  sha2_384 = 0x20,
  dbl_sha2_256 = 0x56,
  md5 = 0xd5,
  sha2_256_trunc254_padded = 0x1012,
  sha2_224 = 0x1013,
  sha2_512_224 = 0x1014,
  sha2_512_256 = 0x1015,
  blake2b_8 = 0xb201,  ///< blake2b of n bytes is blake2b_8 + n - 1
  blake2b_256 = 0xb220,
  blake2b_512 = 0xb240,
  blake2s_8 = 0xb241,  ///< blake2s of n bytes is blake2s_8 + n - 1
  blake2s_256 = 0xb260,
};

/// Longest digest that a length field may state (go-multihash: multihash.go).
inline constexpr std::uint64_t kMaxDigestSize = 0x7fffffff;

/// A hash function's code and its digest; the view is valid as long as what was parsed.
struct MultihashView {
  std::uint64_t code = 0;
  base::ByteView digest;

  bool is(HashCode hash) const { return code == static_cast<std::uint64_t>(hash); }
};

/// Reads a multihash that fills `bytes` exactly. Any code, any digest length.
/// Errors: truncated, varint_too_long, varint_not_minimal, bad_multihash, trailing_bytes.
base::Result<MultihashView> parse_multihash(base::ByteView bytes);

void append_multihash(base::Bytes& out, std::uint64_t code, base::ByteView digest);
inline void append_multihash(base::Bytes& out, HashCode code, base::ByteView digest) {
  append_multihash(out, static_cast<std::uint64_t>(code), digest);
}

}  // namespace mexport::multiformats
