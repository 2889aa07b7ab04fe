// SPDX-License-Identifier: MIT
#include "tests/sim/identity.hpp"

#include "base/random.hpp"
#include "crypto/keys.hpp"

#include <sodium.h>

#include <array>
#include <utility>

namespace mexport::sim {

libp2p::PeerIdentity identity_of(std::uint64_t number) {
  base::SeededRandom random(number);
  std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
  for (auto& byte : seed) byte = static_cast<unsigned char>(random.next());
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(public_key.data(), secret.data(), seed.data());
  // The key protobuf: type 1 (Ed25519), then seed and public key.
  base::Bytes protobuf{0x08, 0x01, 0x12, static_cast<std::uint8_t>(secret.size())};
  base::append(protobuf, secret);
  return libp2p::PeerIdentity(crypto::PrivateKey::from_protobuf(protobuf).value());
}

}  // namespace mexport::sim
