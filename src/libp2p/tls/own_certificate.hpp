// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/tls/openssl_ptr.hpp"

#include <chrono>

namespace mexport::libp2p::tls {

/// How long before now it becomes valid: the peers' clocks may be behind.
inline constexpr std::chrono::days kValidBefore{1};
inline constexpr std::chrono::years kValidFor{100};

/// A certificate by which a node shows who it is, and the key that it vouches for.
struct OwnCertificate {
  CertificatePtr certificate;
  KeyPtr key;

  base::Bytes der() const;
};

/// A new key on P-256 and its certificate: random serial number, from a day before `now` on, with
/// `identity`'s signature over the key. Fails only when the library does.
base::Result<OwnCertificate> make_certificate(const PeerIdentity& identity, base::WallTime now);

}  // namespace mexport::libp2p::tls
