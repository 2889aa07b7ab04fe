// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace mexport::crypto {

/// The longest digest other than identity: BLAKE3 may be asked for more than its 32 bytes.
inline constexpr std::size_t kMaxDigestSize = 128;

/// Whether append_digest() knows the function of this multicodec number (multicodec: table.csv).
/// The list is the one that go-multihash registers, since a block with any other hash makes a
/// message invalid there.
bool is_known_hash(std::uint64_t code);

/// Appends the digest of `data` by the function `code`, `size` bytes of it, to `out`. A size below
/// the function's own cuts the digest (BLAKE3: at least 1 byte); identity gives all of `data`
/// whatever `size` says, as go-cid does for a block's prefix.
/// Errors: unknown_hash; bad_digest_size when the function has no such size. `out` is then as it
/// was.
base::Status append_digest(std::uint64_t code, std::uint64_t size, base::ByteView data,
                           base::Bytes& out);

}  // namespace mexport::crypto
