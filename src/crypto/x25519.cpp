// SPDX-License-Identifier: MIT
#include "crypto/x25519.hpp"

#include "crypto/error.hpp"
#include "crypto/sodium_ready.hpp"

#include <sodium.h>

namespace mexport::crypto {

X25519KeyPair X25519KeyPair::generate() {
  ensure_sodium();
  X25519SecretKey secret;
  randombytes_buf(secret.data(), X25519SecretKey::size());
  return X25519KeyPair(secret);
}

X25519KeyPair::X25519KeyPair(const X25519SecretKey& secret) : secret_(secret) {
  crypto_scalarmult_curve25519_base(public_.data(), secret_.data());
}

base::Result<Secret<32>> X25519KeyPair::derive(const X25519PublicKey& peer) const {
  Secret<32> shared;
  if (crypto_scalarmult_curve25519(shared.data(), secret_.data(), peer.data()) != 0) {
    return base::fail(Error::low_order_point);
  }
  return shared;
}

}  // namespace mexport::crypto
