// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "config/document.hpp"
#include "libp2p/peer_identity.hpp"

namespace mexport::app {

/// The node's own copy of the configured identity.
base::Result<libp2p::PeerIdentity> identity_of(const config::Identity& identity);

}  // namespace mexport::app
