// SPDX-License-Identifier: MIT
#include "libp2p/security_policy.hpp"

#include "libp2p/noise/channel.hpp"
#include "libp2p/noise/handshake.hpp"
#include "libp2p/tls/channel.hpp"
#include "libp2p/tls/handshake.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {

std::string_view to_string(SecurityProtocol protocol) {
  static constexpr std::array<std::string_view, kSecurityProtocols> kNames{"noise", "tls"};
  return kNames[static_cast<std::size_t>(protocol)];
}

std::string_view protocol_id(SecurityProtocol protocol) {
  return protocol == SecurityProtocol::noise ? noise::kProtocol : tls::kProtocol;
}

SecurityPolicy::SecurityPolicy(const NodeSecurity& node, crypto::Aead& aead,
                               SecurityOptions options)
    : node_(node), aead_(aead), options_(std::move(options)) {
  for (const auto protocol : options_.protocols) ids_.push_back(protocol_id(protocol));
}

std::optional<SecurityProtocol> SecurityPolicy::find(std::string_view id) const {
  const auto found = std::ranges::find(ids_, id);
  if (found == ids_.end()) return std::nullopt;
  return options_.protocols[static_cast<std::size_t>(found - ids_.begin())];
}

bool SecurityPolicy::speaks(SecurityProtocol protocol) const {
  return std::ranges::find(options_.protocols, protocol) != options_.protocols.end();
}

bool SecurityPolicy::puts_off(SecurityProtocol protocol,
                              const std::optional<multiformats::IpAddress>& remote,
                              base::SteadyTime now) const {
  if (protocol != SecurityProtocol::tls || options_.prefer != SecurityPreference::noise ||
      !speaks(SecurityProtocol::noise)) {
    return false;
  }
  if (!remote || !node_.refused->remembers(*remote, now)) return true;
  remember(*remote, now);
  return false;
}

void SecurityPolicy::remember(const multiformats::IpAddress& remote, base::SteadyTime now) const {
  node_.refused->remember(remote, now);
}

std::unique_ptr<SecurityHandshake> SecurityPolicy::start(
    SecurityProtocol protocol, Direction direction, const multiformats::PeerId& expected) const {
  if (protocol == SecurityProtocol::noise) {
    return std::make_unique<noise::Handshake>(direction, node_.noise, aead_, expected);
  }
  return std::make_unique<tls::Handshake>(direction, node_.tls, aead_, expected);
}

}  // namespace mexport::libp2p
