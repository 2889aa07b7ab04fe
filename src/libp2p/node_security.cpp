// SPDX-License-Identifier: MIT
#include "libp2p/node_security.hpp"

#include <utility>

namespace mexport::libp2p {

base::Result<NodeSecurity> NodeSecurity::create(const PeerIdentity& identity,
                                                const base::Clock& clock,
                                                const std::vector<std::string>& muxers) {
  auto noise = noise::StaticIdentity::create(identity, muxers);
  if (!noise) return base::fail(noise.error());
  auto tls = tls::Context::create(identity, clock, muxers);
  if (!tls) return base::fail(tls.error());
  return NodeSecurity{std::move(*noise), std::move(*tls), std::make_unique<RefusedAddresses>()};
}

}  // namespace mexport::libp2p
