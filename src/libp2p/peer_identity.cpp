// SPDX-License-Identifier: MIT
#include "libp2p/peer_identity.hpp"

#include "wire/peer_id.hpp"

#include <utility>

namespace mexport::libp2p {

PeerIdentity::PeerIdentity(crypto::PrivateKey key)
    : key_(std::move(key)), peer_id_(wire::peer_id_of(key_.public_key())) {}

base::Result<PeerIdentity> PeerIdentity::generate() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  if (!key) return base::fail(key.error());
  return PeerIdentity(std::move(*key));
}

}  // namespace mexport::libp2p
