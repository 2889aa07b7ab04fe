// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/x25519.hpp"
#include "libp2p/peer_identity.hpp"

#include <span>
#include <string>
#include <vector>

namespace mexport::libp2p::noise {

/// A node's static Noise key with the identity key's signature over it, made once, so that a
/// handshake costs one key generation, three derivations and one verification, but no signature.
/// Immutable; shards may share it or have their own. Outlives its handshakes and their results.
class StaticIdentity {
 public:
  /// `muxers`: what we offer within the handshake, preferred first. Fails only when signing does.
  static base::Result<StaticIdentity> create(const PeerIdentity& identity,
                                             std::vector<std::string> muxers = {"/yamux/1.0.0"});

  const crypto::X25519KeyPair& keys() const { return keys_; }
  std::span<const std::string> muxers() const { return muxers_; }
  /// The handshake payload, the same for each peer.
  base::ByteView payload() const { return payload_; }

 private:
  StaticIdentity(crypto::X25519KeyPair keys, std::vector<std::string> muxers, base::Bytes payload);

  crypto::X25519KeyPair keys_;
  std::vector<std::string> muxers_;
  base::Bytes payload_;
};

}  // namespace mexport::libp2p::noise
