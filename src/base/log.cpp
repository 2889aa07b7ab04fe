// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include <array>

namespace mexport::base {

namespace {

constexpr std::array<std::string_view, 6> kNames{"trace", "debug", "info", "warn", "error", "off"};

}  // namespace

std::string_view to_string(LogLevel level) {
  return kNames[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

LogTarget::LogTarget(Write write, LogLevel level) : write_(std::move(write)), default_(level) {}

void LogTarget::set_level(LogLevel level) {
  const std::lock_guard lock(mutex_);
  default_ = level;
}

void LogTarget::set_level(std::string_view component, LogLevel level) {
  const std::lock_guard lock(mutex_);
  by_component_.insert_or_assign(std::string(component), level);
}

LogLevel LogTarget::level(std::string_view component) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_component_.find(component);
  return found == by_component_.end() ? default_ : found->second;
}

void LogTarget::write(LogLevel level, std::string_view component, std::string_view message) const {
  write_(level, component, message);
}

}  // namespace mexport::base
