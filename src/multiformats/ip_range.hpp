// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "multiformats/ip.hpp"
#include "multiformats/multiaddr.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::multiformats {

/// A CIDR block. v4-mapped addresses are matched as the IPv4 addresses that they are.
class IpRange {
 public:
  IpRange() = default;  ///< all of IPv4
  /// Pre-condition: 0 <= prefix_bits <= base.bits(). Bits behind the prefix are cleared.
  constexpr IpRange(const IpAddress& base, int prefix_bits) : base_(base), bits_(prefix_bits) {
    for (std::size_t i = 0; i < base_.bytes.size(); ++i) {
      const int kept = std::clamp(prefix_bits - static_cast<int>(8 * i), 0, 8);
      base_.bytes[i] &= static_cast<std::uint8_t>(0xff << (8 - kept));
    }
  }

  /// `/ip4/10.0.0.0/ipcidr/8`, the form of kubo's Swarm.AddrFilters.
  /// Error: bad_address_range and those of Multiaddr::from_string.
  static base::Result<IpRange> from_string(std::string_view text);
  /// `203.0.113.0/24`, `2001:db8::/32`; one address alone is a range of its own.
  /// Error: bad_address_range.
  static base::Result<IpRange> from_cidr(std::string_view text);
  std::string to_string() const;

  /// Its first address.
  constexpr const IpAddress& network() const { return base_; }
  bool contains(const IpAddress& address) const;

  bool operator==(const IpRange&) const = default;

 private:
  IpAddress base_;
  int bits_ = 0;
};

/// True when one of the ranges holds the address.
bool any_contains(std::span<const IpRange> ranges, const IpAddress& address);

/// The ranges that a node on the public network neither dials nor announces: kubo's
/// server profile (config/profile.go) and loopback.
std::vector<IpRange> server_profile_ranges();

/// Classes of addresses (go-multiaddr: net/private.go). Every address is at most one of private
/// and unroutable; loopback is private.
bool is_loopback(const IpAddress& address);
bool is_private(const IpAddress& address);
bool is_unroutable(const IpAddress& address);
/// What others on the public network could reach: neither private nor unroutable, and for IPv6
/// within 2000::/3 (go-libp2p-kad-dht: dht_filters.go).
bool is_public(const IpAddress& address);
/// Judged by the first component alone, so a relayed address by its relay's; a DNS name is public
/// unless it is localhost or of a special-use suffix. False for what begins with neither.
bool is_public(const Multiaddr& address);

}  // namespace mexport::multiformats
