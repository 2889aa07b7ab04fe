// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "crypto/secret.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace mexport::crypto {

using Sha256Digest = std::array<std::uint8_t, 32>;
using Sha512Digest = std::array<std::uint8_t, 64>;

Sha256Digest sha256(base::ByteView data);
/// Of the parts, one after the other.
Sha256Digest sha256(std::initializer_list<base::ByteView> parts);
Sha512Digest sha512(base::ByteView data);

/// HMAC-SHA256 of the parts, one after the other; a key of any length.
Secret<32> hmac_sha256(base::ByteView key, std::initializer_list<base::ByteView> parts);

struct HkdfPair {
  Secret<32> first;
  Secret<32> second;
};

/// HKDF-SHA256 (RFC 5869) with `chaining_key` as salt, `input` as key material, no info, and two
/// outputs of 32 bytes: the derivation that Noise builds on (noise: revision 34, section 4.3).
HkdfPair hkdf_sha256(base::ByteView chaining_key, base::ByteView input);

}  // namespace mexport::crypto
