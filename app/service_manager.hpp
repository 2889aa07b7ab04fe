// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::app {

/// Tells the service manager that started us how we are, as sd_notify(3) says; where none did, it
/// tells nobody.
class ServiceManager {
 public:
  /// As $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID say.
  static ServiceManager from_environment();

  /// `socket`: a path, or an abstract name after an @; empty for nobody.
  explicit ServiceManager(std::string socket,
                          std::optional<std::chrono::microseconds> watchdog = std::nullopt)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  bool listens() const { return !socket_.empty(); }
  const std::string& socket() const { return socket_; }
  /// It ends us when it has not heard for so long that we are alive.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

  /// Lines of the form NAME=value, as in "READY=1".
  base::Status tell(std::string_view lines) const;

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace mexport::app
