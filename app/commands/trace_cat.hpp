// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport trace cat`: prints events, one JSON object a line. kFailure when a file is damaged;
/// what can be read of it is printed.
int trace_cat(const TraceCatOptions& options);

}  // namespace mexport::app
