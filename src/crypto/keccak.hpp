// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace mexport::crypto {

/// Keccak as it was before SHA-3 changed the padding; what Ethereum calls keccak256. OpenSSL 3.0
/// has only the SHA-3 form.
std::array<std::uint8_t, 32> keccak_256(base::ByteView data);
std::array<std::uint8_t, 64> keccak_512(base::ByteView data);

}  // namespace mexport::crypto
