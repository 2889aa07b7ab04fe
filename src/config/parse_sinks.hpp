// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

#include <cstddef>
#include <string_view>

namespace mexport::config {

inline constexpr std::size_t kMaxSinks = 16;

/// 1 to 32 of a-z, 0-9, "-" and "_", beginning with a letter; not the name of a sink that there is
/// without asking.
bool is_sink_name(std::string_view name);

/// `Sinks` of the plugin's section: further brokers and further traces.
void read_sinks(Section& section, Monitor& monitor, Report& report);

}  // namespace mexport::config
