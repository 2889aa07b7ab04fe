// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "crypto/secret.hpp"

#include <array>
#include <cstdint>

namespace mexport::crypto {

using X25519PublicKey = std::array<std::uint8_t, 32>;
using X25519SecretKey = Secret<32>;

/// A Diffie-Hellman key pair on Curve25519 (RFC 7748). The secret half is wiped on destruction.
class X25519KeyPair {
 public:
  /// From the operating system's generator.
  static X25519KeyPair generate();
  explicit X25519KeyPair(const X25519SecretKey& secret);

  const X25519PublicKey& public_key() const { return public_; }

  /// The secret shared with the owner of `peer`; low_order_point when it would be all zeros.
  base::Result<Secret<32>> derive(const X25519PublicKey& peer) const;

 private:
  X25519SecretKey secret_;
  X25519PublicKey public_{};
};

}  // namespace mexport::crypto
