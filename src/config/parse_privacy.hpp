// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

#include <cstddef>

namespace mexport::config {

/// Longest `Contact`: with our name and version around it, an agent version of at most the 128
/// characters that kubo shows of one.
inline constexpr std::size_t kMaxContactSize = 96;

/// `Privacy`, `Exclude` and `Contact` of the plugin's section.
void read_privacy(Section& section, Monitor& monitor, Report& report);

}  // namespace mexport::config
