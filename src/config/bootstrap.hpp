// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/report.hpp"

#include <vector>

namespace mexport::config {

/// The public network's bootstrap peers (kubo: boxo's autoconf/fallbacks.go).
std::vector<multiformats::Multiaddr> built_in_bootstrap_peers();

/// Bootstrap and Peering joined, each peer once with the addresses that can be dialled over TCP.
/// What waits for name resolution or a transport is left out with a warning each, the built-in
/// list's with one in all. Our own id is left out.
std::vector<PeerEntry> peers_to_keep(const Config& config, Report& report);

}  // namespace mexport::config
