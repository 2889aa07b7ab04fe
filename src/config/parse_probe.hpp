// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

namespace mexport::config {

/// `Probe` of the plugin's section.
void read_probe(Section section, Probe& probe, Report& report);

}  // namespace mexport::config
