// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "libp2p/noise/static_identity.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/refused_addresses.hpp"
#include "libp2p/tls/context.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mexport::libp2p {

/// What the handshakes of a node share, over all its shards: its static Noise key, its certificate,
/// and who has been refused. Made once per node, outlives its swarms and their connections.
struct NodeSecurity {
  /// `muxers`: what we offer within the handshakes. `clock` outlives the object. Fails only when
  /// signing does.
  static base::Result<NodeSecurity> create(const PeerIdentity& identity, const base::Clock& clock,
                                           const std::vector<std::string>& muxers = {
                                               "/yamux/1.0.0"});

  noise::StaticIdentity noise;
  tls::Context tls;
  std::unique_ptr<RefusedAddresses> refused;  ///< never null; apart, so that the rest can be moved
};

}  // namespace mexport::libp2p
