// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/peer_identity.hpp"

#include <cstdint>

namespace mexport::sim {

/// The identity that belongs to a number: the same in each run.
libp2p::PeerIdentity identity_of(std::uint64_t number);

}  // namespace mexport::sim
