// SPDX-License-Identifier: MIT
#pragma once

#include "app/log_levels.hpp"
#include "base/log.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::app {

/// The program's log: `2026-01-02T03:04:05.678Z info  swarm    text`, on stderr or in a file, and
/// on a terminal a status line below it. A thread of its own writes, so that a slow terminal holds
/// nobody up; when too many lines wait, the oldest go.
class Logging {
 public:
  struct Options {
    LogLevels levels;
    std::optional<std::string> file;  ///< in place of stderr
    bool status_line = false;         ///< stderr is a terminal that can draw one
  };

  /// Fails, with a line for the operator, when the file cannot be opened.
  static std::expected<std::unique_ptr<Logging>, std::string> create(const Options& options);
  /// Writes what waits, and removes the status line.
  ~Logging();
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;

  /// Lives on when this is gone, as long as someone holds it.
  base::Logger logger(std::string component) const;

  /// Which lines are wanted from now on; an empty component stands for all that have no level of
  /// their own. Thread-safe.
  void set_level(std::string_view component, base::LogLevel level);

  /// The log file was moved away: begins a new one. Goes on with the old one when that fails.
  void reopen();

  bool has_status_line() const;
  /// Draws it below the log in place of the last one; "" removes it.
  void show_status(std::string line);

 private:
  class Impl;
  explicit Logging(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
  std::shared_ptr<base::LogTarget> target_;
};

}  // namespace mexport::app
