// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/multiaddr.hpp"

#include <vector>

namespace mexport::libp2p::tcp {

/// The addresses under which a bound one can be reached: itself, or for 0.0.0.0 and :: the
/// machine's interfaces of that family with the same port, link-local ones left out. Empty when
/// there are none, or the system does not tell.
std::vector<multiformats::Multiaddr> reachable_addresses(const multiformats::Multiaddr& bound);

/// Whether the machine has IPv6 at all. When the system does not tell, it may.
bool has_ipv6();

}  // namespace mexport::libp2p::tcp
