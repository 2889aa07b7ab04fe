// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::capi {

/// What the host is to do, in order, until it fetches it (mexport_next_command). Log lines are
/// bounded; what else waits is bounded by who puts it in. Thread-safe.
class CommandQueue {
 public:
  static constexpr std::size_t kMaxLogLines = 4096;

  /// Of anything but a log line: JSON.
  void push(std::string command);
  /// What comes while kMaxLogLines wait is counted, and told of in a line once there is room.
  void log(base::LogLevel level, std::string_view component, std::string_view text);

  enum class Ended : std::uint8_t { timeout, closed };
  struct Next {
    std::size_t size = 0;  ///< 0: there was none, see `ended`
    Ended ended = Ended::timeout;
  };
  /// Copies the next one into `buffer` and takes it away, or, where it does not fit, leaves it and
  /// returns its size. Waits until `patience` has passed; nullopt: for ever.
  Next next(char* buffer, std::size_t capacity, std::optional<std::chrono::milliseconds> patience);

  /// What waits can still be fetched; nobody waits any more.
  void close();

 private:
  struct Waiting {
    std::string json;
    bool log = false;
  };
  void add_log(base::LogLevel level, std::string_view component, std::string_view text);

  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<Waiting> waiting_;
  std::size_t log_lines_ = 0;  // of those
  std::uint64_t lost_lines_ = 0;
  bool closed_ = false;
};

}  // namespace mexport::capi
