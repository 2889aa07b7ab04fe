// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// Has a running node ask its peers for CIDs, and prints what they say while they do. 128 plus the
/// signal's number when SIGINT or SIGTERM ends it.
int probe_peers(const ProbeOptions& options);

}  // namespace mexport::app
