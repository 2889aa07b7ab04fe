// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport init`: makes the data directory, with a new identity or a kubo repo's. Like all
/// commands it returns the exit code.
int init(const InitOptions& options);

}  // namespace mexport::app
