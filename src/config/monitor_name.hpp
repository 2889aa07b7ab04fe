// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mexport::config {

/// A routing key holds at most 255 bytes, the name and about 30 around it.
inline constexpr std::size_t kMaxMonitorNameSize = 200;
inline constexpr std::string_view kMonitorNameRule =
    "a name of at most 200 bytes without dot, slash, backslash, white space and controls";

/// Whether the name can stand in a routing key and in a path: consumers split keys at dots.
bool is_valid_monitor_name(std::string_view name);

/// This machine's name, as gethostname gives it; "" when it has none.
std::string host_name();

}  // namespace mexport::config
