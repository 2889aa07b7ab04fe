// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// Whether a node runs and is not being stopped: one line, 0 or 1. For container engines and
/// scripts.
int health(const HealthOptions& options);

}  // namespace mexport::app
