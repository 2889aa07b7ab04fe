// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/family.hpp"
#include "monitor/host.hpp"

namespace mexport::monitor {

/// Our own families about a network (docs/metrics.md). Counters that no family is named for stand
/// in `mexport_other_total`, so that none is missing.
void collect_host(const HostStatistics& statistics, metrics::Families& families);

}  // namespace mexport::monitor
