// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/peer_names.hpp"
#include "multiformats/multiaddr.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mexport::monitor {

/// How much of an address is shown.
enum class AddressDetail : std::uint8_t {
  full,
  prefix,  ///< of an IPv4 address 24 bits, of an IPv6 address 48
  none,    ///< its shape: which protocols, and nothing that tells addresses apart
};
std::string_view to_string(AddressDetail detail);

/// Stands for an address that cannot be shown, or of which nothing is left.
inline constexpr std::string_view kUnknownAddress = "unknown:";
/// Stands for every DNS name where addresses are not shown in full.
inline constexpr std::string_view kHiddenName = "hidden.invalid";

/// The text of an address as it may be recorded: a proper multiaddr, or kUnknownAddress.
///
/// Peer ids in it become `names.shown()`. Below full, host bits and ports are 0, names are
/// kHiddenName, and every other value (certificate hashes, onion and garlic hosts, paths, zones)
/// is left out with its protocol; with none, peer ids too. A 6to4 address keeps 40 bits, since the
/// 48 would show all of the IPv4 address within. Paths are left out also when ids are keyed.
std::string redacted(const multiformats::Multiaddr& address, AddressDetail detail,
                     const PeerNames& names);

}  // namespace mexport::monitor
