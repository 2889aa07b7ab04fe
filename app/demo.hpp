// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "config/document.hpp"

#include <cstddef>

namespace mexport::app {

/// The options of a run with `--demo`, as far as the user left them open: it listens on loopback
/// alone, its traces are kept apart under the monitor name "demo", and many peers may come from one
/// address.
ConfigOptions demo_options(ConfigOptions options);

/// Takes out all peers that a demo must not dial: all but the last `own_peers` of Peering.Peers,
/// which stand for --peer.
void isolate(config::Config& config, std::size_t own_peers);

}  // namespace mexport::app
