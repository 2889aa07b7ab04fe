// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <thread>

namespace mexport::app {

enum class Signal : std::uint8_t {
  stop,    ///< SIGTERM, SIGINT
  reopen,  ///< SIGHUP
};

/// The signals that a running node heeds. Made in the main thread before any other thread is, since
/// threads inherit that they are blocked; destroyed after all that may take long to stop.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The next one, or nullopt at `deadline`.
  std::optional<Signal> wait_until(std::chrono::steady_clock::time_point deadline);

  /// From now on SIGTERM and SIGINT end the process at once, with 128 plus their number. Those that
  /// come within kSameSignal are the one that came before: timeout(1) sends each twice. Where the
  /// system has no thread for that, they do nothing.
  void let_next_end_process();
  static constexpr std::chrono::milliseconds kSameSignal{200};

 private:
  void end_process_at_signal(const std::stop_token& stop);

  sigset_t set_{};
  std::jthread ender_;
};

/// Writes to a pipe or socket whose reader has gone fail instead of ending the process.
void ignore_broken_pipes();

}  // namespace mexport::app
