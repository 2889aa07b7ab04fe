// SPDX-License-Identifier: MIT
#pragma once

#include "api/router.hpp"
#include "monitor/probe.hpp"

namespace mexport::api {

/// Adds the reference's broadcasts: what a request asks is sent to every peer, and the answer comes
/// when all is out. `probe` outlives the router; null: requests are checked and refused.
void add_broadcast_methods(Router& router, monitor::Probe* probe);

}  // namespace mexport::api
