// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace mexport::crypto {

/// The first 64 bits of MurmurHash3 x64 128 with seed 0. Not cryptographic: only for multihashes
/// that name it.
std::uint64_t murmur3_x64_64(base::ByteView data);

}  // namespace mexport::crypto
