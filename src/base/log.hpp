// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::base {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

std::string_view to_string(LogLevel level);
/// By its name as to_string gives it; nullopt for another word.
std::optional<LogLevel> parse_log_level(std::string_view text);

/// Where log lines go and which are wanted. Owned by the application; the libraries only write to
/// it. Thread-safe; levels may change at run time.
class LogTarget {
 public:
  using Write = std::function<void(LogLevel, std::string_view component, std::string_view message)>;

  /// `write` is called from any thread, maybe from several at once.
  explicit LogTarget(Write write, LogLevel level = LogLevel::info);

  void set_level(LogLevel level);
  void set_level(std::string_view component, LogLevel level);
  LogLevel level(std::string_view component) const;
  void write(LogLevel level, std::string_view component, std::string_view message) const;

 private:
  Write write_;
  mutable std::mutex mutex_;
  LogLevel default_;
  std::map<std::string, LogLevel, std::less<>> by_component_;
};

/// One component's way to the target. Cheap to copy; a default-made one is silent.
class Logger {
 public:
  Logger() = default;
  Logger(std::shared_ptr<const LogTarget> target, std::string component)
      : target_(std::move(target)), component_(std::move(component)) {}

  Logger with_component(std::string component) const { return {target_, std::move(component)}; }
  bool enabled(LogLevel level) const { return target_ && level >= target_->level(component_); }

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    log(LogLevel::debug, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    log(LogLevel::info, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> format, Args&&... args) const {
    log(LogLevel::warn, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    log(LogLevel::error, format, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) const {
    if (!enabled(level)) return;
    target_->write(level, component_, fmt::format(format, std::forward<Args>(args)...));
  }

  std::shared_ptr<const LogTarget> target_;
  std::string component_;
};

}  // namespace mexport::base
