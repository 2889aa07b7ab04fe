// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

namespace mexport::app {

/// `mexport trace stat`: events, peers, CIDs, rates, time span and agents of traces.
int trace_stat(const TraceStatOptions& options);

}  // namespace mexport::app
