// SPDX-License-Identifier: MIT
#include "app/log_levels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mexport::app {

std::expected<LogLevels, std::string> parse_log_levels(std::string_view text) {
  LogLevels levels;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto part = text.substr(begin, end - begin);
    const auto equals = part.find('=');
    const auto name = equals == std::string_view::npos ? part : part.substr(equals + 1);
    const auto level = base::parse_log_level(name);
    if (!level) {
      return std::unexpected(
          fmt::format("\"{}\" is no log level: trace, debug, info, warn, error or off", name));
    }
    if (equals == std::string_view::npos) {
      levels.overall = *level;
    } else {
      levels.by_component.emplace_back(part.substr(0, equals), *level);
    }
    begin = end + 1;
  }
  return levels;
}

void apply(const LogLevels& levels, base::LogTarget& target) {
  target.set_level(levels.overall);
  for (const auto& [component, level] : levels.by_component) target.set_level(component, level);
}

}  // namespace mexport::app
