// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace mexport::app {

/// RFC 3339 in UTC with milliseconds, of nanoseconds since 1970.
std::string time_text(std::int64_t nanoseconds);

}  // namespace mexport::app
