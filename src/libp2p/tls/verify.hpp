// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/keys.hpp"
#include "multiformats/peer_id.hpp"

#include <span>

namespace mexport::libp2p::tls {

/// Whom a certificate vouches for.
struct VerifiedPeer {
  multiformats::PeerId peer;
  crypto::PublicKey key;
};

/// Verifies what a peer has shown, in this order: exactly one certificate; valid at `now`; signed
/// by its own key; libp2p's extension once; no other critical extension that is unknown; its
/// signature by the identity key; the peer is `expected`, unless that is empty. No chain is built:
/// libp2p has no authorities. That the peer owns the certificate's key is for the handshake to find
/// out. Errors: those of tls/error.hpp from certificate_count on.
base::Result<VerifiedPeer> verify_peer(std::span<const base::ByteView> certificates,
                                       base::WallTime now, const multiformats::PeerId& expected);

}  // namespace mexport::libp2p::tls
