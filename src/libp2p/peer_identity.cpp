// SPDX-License-Identifier: MIT
#include "libp2p/peer_identity.hpp"

#include "crypto/hash.hpp"

#include <utility>

namespace mexport::libp2p {

multiformats::PeerId peer_id_of(const crypto::PublicKey& key) {
  const auto protobuf = key.protobuf();
  if (protobuf.size() <= multiformats::kMaxInlinedKeySize) {
    return multiformats::PeerId::from_identity(protobuf);
  }
  return multiformats::PeerId::from_sha256(crypto::sha256(protobuf));
}

PeerIdentity::PeerIdentity(crypto::PrivateKey key)
    : key_(std::move(key)), peer_id_(peer_id_of(key_.public_key())) {}

base::Result<PeerIdentity> PeerIdentity::generate() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  if (!key) return base::fail(key.error());
  return PeerIdentity(std::move(*key));
}

}  // namespace mexport::libp2p
