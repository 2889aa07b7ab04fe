// SPDX-License-Identifier: MIT
#include "libp2p/address_rules.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {
namespace {

using multiformats::Multiaddr;
using multiformats::Protocol;

bool begins_with_name(const Multiaddr& address) {
  if (address.empty()) return false;
  const auto first = address.components().begin()->protocol;
  return first == Protocol::dns || first == Protocol::dns4 || first == Protocol::dns6 ||
         first == Protocol::dnsaddr;
}

bool is_private_listener(const Multiaddr& address) {
  const auto ip = address.ip();
  return ip && !ip->is_unspecified() && multiformats::is_private(*ip);
}

bool contains(const std::vector<Multiaddr>& list, const Multiaddr& address) {
  return std::ranges::find(list, address) != list.end();
}

}  // namespace

bool AddressRules::allows(const Multiaddr& address) const {
  const auto ip = address.ip();
  if (!ip) return begins_with_name(address) && (!names_must_be_public || is_public(address));
  if (ip->is_unspecified() || any_contains(filters, *ip)) return false;
  return !any_contains(forbidden, *ip);
}

bool AddressRules::accepts(const Multiaddr& address) const {
  const auto ip = address.ip();
  return !ip || !any_contains(filters, *ip);
}

AddressRules make_address_rules(NetworkKind kind, std::span<const Multiaddr> listen_addrs,
                                std::vector<multiformats::IpRange> filters) {
  const bool local =
      kind == NetworkKind::private_network ||
      (kind == NetworkKind::automatic && std::ranges::any_of(listen_addrs, is_private_listener));
  return {.filters = std::move(filters),
          .forbidden =
              local ? std::vector<multiformats::IpRange>() : multiformats::server_profile_ranges(),
          .names_must_be_public = !local};
}

std::vector<Multiaddr> announced_addresses(const AnnounceOptions& options,
                                           const AddressRules& rules,
                                           std::span<const Multiaddr> listen_addrs) {
  std::vector<Multiaddr> chosen;
  const auto add = [&](const Multiaddr& candidate) {
    Multiaddr address = candidate.without_p2p();
    const auto ip = address.ip();
    if (!rules.allows(address) || (ip && any_contains(options.no_announce_ranges, *ip)) ||
        contains(options.no_announce, address) || contains(chosen, address)) {
      return;
    }
    chosen.push_back(std::move(address));
  };
  std::ranges::for_each(options.announce.empty() ? listen_addrs : options.announce, add);
  std::ranges::for_each(options.append, add);
  return chosen;
}

}  // namespace mexport::libp2p
