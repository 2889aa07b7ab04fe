// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>

namespace mexport::libp2p::tcp {

/// When a shard looks at its sockets again. To wake a thread costs more than a small message does
/// once it is awake; so a shard that has been woken more often than once an interval for a while
/// rests for what is left of each, and then finds together what has come (as network cards moderate
/// their interrupts). One that is woken rarely, or has much to do, never rests.
class Pace {
 public:
  /// The longest that what has come waits for a rest to end. Zero: never rests.
  static constexpr std::chrono::milliseconds kInterval{10};
  /// So many wake-ups in a row must have been close: the few of a handshake never are enough.
  static constexpr unsigned kPatience = 32;
  /// A wake-up that took more than this part of the interval is no small one.
  static constexpr int kSmallPart = 16;

  explicit Pace(std::chrono::nanoseconds interval = kInterval) : interval_(interval) {}

  /// A wake-up that found `events` at the sockets has ended; one for a timer alone, which is none
  /// of theirs, changes nothing.
  void after(base::SteadyTime began, base::SteadyTime ended, std::size_t events) {
    if (events == 0) return;
    const bool close = began - last_ < interval_ * static_cast<int>(events);
    last_ = began;
    if (!close) {
      streak_ = 0;
    } else if (streak_ < kPatience) {
      ++streak_;
    }
    resting_ = streak_ == kPatience && (ended - began) * kSmallPart <= interval_;
  }

  bool resting() const { return resting_; }
  /// The end of the rest.
  base::SteadyTime until() const { return last_ + interval_; }

 private:
  std::chrono::nanoseconds interval_;
  base::SteadyTime last_;
  unsigned streak_ = 0;
  bool resting_ = false;
};

}  // namespace mexport::libp2p::tcp
