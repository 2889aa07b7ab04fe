// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport run`: runs until SIGTERM or SIGINT. Belongs in the main thread, before there is any
/// other.
int run(const RunOptions& options);

}  // namespace mexport::app
