// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::app {

/// Which log lines are wanted.
struct LogLevels {
  base::LogLevel overall = base::LogLevel::info;
  std::vector<std::pair<std::string, base::LogLevel>> by_component;
};

/// Reads `LEVEL|component=LEVEL,…`, as in "warn,swarm=debug". The error says what is wrong.
std::expected<LogLevels, std::string> parse_log_levels(std::string_view text);

void apply(const LogLevels& levels, base::LogTarget& target);

}  // namespace mexport::app
