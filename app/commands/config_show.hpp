// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport config show`: prints the effective document, secrets hidden.
int config_show(const ConfigShowOptions& options);

}  // namespace mexport::app
