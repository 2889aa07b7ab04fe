// SPDX-License-Identifier: MIT
#include "libp2p/security_policy.hpp"

#include "libp2p/noise/channel.hpp"
#include "libp2p/noise/handshake.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {

SecurityPolicy::SecurityPolicy(std::vector<SecurityProtocol> protocols)
    : protocols_(std::move(protocols)) {
  for (const auto& protocol : protocols_) ids_.push_back(protocol.id);
}

const SecurityProtocol* SecurityPolicy::find(std::string_view id) const {
  const auto found = std::ranges::find(protocols_, id, &SecurityProtocol::id);
  return found == protocols_.end() ? nullptr : &*found;
}

SecurityPolicy noise_only(const noise::StaticIdentity& identity, crypto::Aead& aead) {
  auto make = [&identity, &aead](Direction direction, const multiformats::PeerId& expected) {
    return std::make_unique<noise::Handshake>(direction, identity, aead, expected);
  };
  std::vector<SecurityProtocol> protocols;
  protocols.push_back({noise::kProtocol, std::move(make)});
  return SecurityPolicy(std::move(protocols));
}

}  // namespace mexport::libp2p
