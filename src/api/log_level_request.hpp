// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace mexport::api {

inline constexpr std::size_t kMaxLogLevelBody = 4096;

/// A request to log more or less.
struct LogLevelRequest {
  std::string component;  ///< empty: all that have no level of their own
  base::LogLevel level = base::LogLevel::info;
};

/// Reads `{"component":"node","level":"debug"}`; without a component, or with an empty one, the
/// level is that of all others. The error says what is wrong.
std::expected<LogLevelRequest, std::string> parse_log_level_request(
    std::string_view body, std::span<const std::string> components);

}  // namespace mexport::api
