// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/family.hpp"

namespace mexport::metrics {

/// The process_* family as Prometheus clients name it, of this process, from /proc. What cannot be
/// read is left out.
void collect_process(Families& families);

}  // namespace mexport::metrics
