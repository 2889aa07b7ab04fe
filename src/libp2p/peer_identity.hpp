// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/keys.hpp"
#include "multiformats/peer_id.hpp"

namespace mexport::libp2p {

/// Who a node is: its identity key and the peer id that follows from it. One per node, immutable,
/// thread-safe.
class PeerIdentity {
 public:
  explicit PeerIdentity(crypto::PrivateKey key);
  /// A new one with an Ed25519 key.
  static base::Result<PeerIdentity> generate();

  const multiformats::PeerId& peer_id() const { return peer_id_; }
  const crypto::PublicKey& public_key() const { return key_.public_key(); }
  const crypto::PrivateKey& private_key() const { return key_; }

 private:
  crypto::PrivateKey key_;
  multiformats::PeerId peer_id_;
};

}  // namespace mexport::libp2p
