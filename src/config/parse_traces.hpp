// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

namespace mexport::config {

/// `Traces` of the plugin's section, or what describes another sink of traces. Keys that are not
/// known are errors, once all others have been asked for.
void read_traces(Section section, Traces& traces, Report& report);

}  // namespace mexport::config
