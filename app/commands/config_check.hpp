// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport config check`: says what is wrong with a configuration, everything at once, and what
/// `run` would warn of.
int config_check(const ConfigCheckOptions& options);

}  // namespace mexport::app
