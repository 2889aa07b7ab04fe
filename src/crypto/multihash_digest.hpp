// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace mexport::crypto {

/// The multicodec number of a hash function (multicodec: table.csv). The list is the one that
/// go-multihash registers, since a block with any other hash makes a message invalid there.
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
  keccak_256 = 0x1b,
  keccak_512 = 0x1d,
  blake3 = 0x1e,
  sha2_384 = 0x20,
  murmur3_x64_64 = 0x22,
  dbl_sha2_256 = 0x56,
  md5 = 0xd5,
  sha2_224 = 0x1013,
  sha2_512_224 = 0x1014,
  sha2_512_256 = 0x1015,
  blake2b_8 = 0xb201,    ///< one code for each size of 1 to 64 bytes follows
  blake2b_512 = 0xb240,  ///< the last of them
  blake2s_256 = 0xb260,
};

/// The longest digest other than identity: BLAKE3 may be asked for more than its 32 bytes.
inline constexpr std::size_t kMaxDigestSize = 128;

/// Whether append_digest() knows the function of this number.
bool is_known_hash(std::uint64_t code);

/// Appends the digest of `data` by the function `code`, `size` bytes of it, to `out`. A size below
/// the function's own cuts the digest (BLAKE3: at least 1 byte); identity gives all of `data`
/// whatever `size` says, as go-cid does for a block's prefix.
/// Errors: unknown_hash; bad_digest_size when the function has no such size. `out` is then as it
/// was.
base::Status append_digest(std::uint64_t code, std::uint64_t size, base::ByteView data,
                           base::Bytes& out);

}  // namespace mexport::crypto
