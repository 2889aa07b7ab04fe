// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/ip_range.hpp"
#include "multiformats/multiaddr.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mexport::libp2p {

/// On which kind of network a node lives.
enum class NetworkKind : std::uint8_t {
  automatic,  ///< private when one of our listeners is bound to a private or loopback address
  public_network,
  private_network,  ///< `Mexport.Network: private`
};

/// Which addresses may be dialled and announced. A default-made one allows all.
struct AddressRules {
  /// `Swarm.AddrFilters`: never dialled, announced or accepted from.
  std::vector<multiformats::IpRange> filters;
  /// On the public network: private and special ranges (kubo's server profile), neither dialled
  /// nor announced.
  std::vector<multiformats::IpRange> forbidden;
  bool names_must_be_public = false;

  /// Whether the address may be dialled or announced. Addresses that begin with neither an IP
  /// address nor a DNS name may not.
  bool allows(const multiformats::Multiaddr& address) const;
  /// Whether a connection may come from there: only the filters count.
  bool accepts(const multiformats::Multiaddr& address) const;
};

/// The rules for a node that listens on these (bound) addresses.
AddressRules make_address_rules(NetworkKind kind,
                                std::span<const multiformats::Multiaddr> listen_addrs,
                                std::vector<multiformats::IpRange> filters);

/// `Addresses.Announce`, `AppendAnnounce` and `NoAnnounce`, as kubo reads them.
struct AnnounceOptions {
  std::vector<multiformats::Multiaddr> announce;  ///< when not empty, instead of the listeners
  std::vector<multiformats::Multiaddr> append;
  std::vector<multiformats::Multiaddr> no_announce;
  std::vector<multiformats::IpRange> no_announce_ranges;
};

/// What identify tells: `listen_addrs` (specific ones, see tcp/interfaces.hpp) or what the
/// operator set in their place, without those that the rules forbid, each once.
std::vector<multiformats::Multiaddr> announced_addresses(
    const AnnounceOptions& options, const AddressRules& rules,
    std::span<const multiformats::Multiaddr> listen_addrs);

}  // namespace mexport::libp2p
