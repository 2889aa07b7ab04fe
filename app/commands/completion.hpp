// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport completion`: prints the script that makes a shell complete our command line.
int print_completion(const CompletionOptions& options);

}  // namespace mexport::app
