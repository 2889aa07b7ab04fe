// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>

namespace mexport::libp2p::tcp {

/// When a shard looks at its sockets again. To wake a thread costs more than a small message does
/// once it is awake; so a shard that has been woken more often than once an interval for a while
/// rests for what is left of each, and then finds together what has come (as network cards moderate
/// their interrupts). One that is woken rarely, or moves or does much, never rests.
class Pace {
 public:
  /// The longest that what has come waits for a rest to end. Zero: never rests.
  static constexpr std::chrono::milliseconds kInterval{10};
  /// So many wake-ups in a row must have been close: the few of a handshake never are enough.
  static constexpr unsigned kPatience = 32;
  /// No rest follows a wake-up that took more than this part of the interval.
  static constexpr int kSmallPart = 16;
  /// One that moved more bytes than this begins the count of wake-ups anew: a stream's window or a
  /// large message is under way, and its sender would wait for each rest.
  static constexpr std::size_t kSmallBytes = 64 << 10;

  explicit Pace(std::chrono::nanoseconds interval = kInterval) : interval_(interval) {}

  struct WakeUp {
    base::SteadyTime began;
    base::SteadyTime ended;
    std::size_t events = 0;  ///< found at the sockets
    std::size_t bytes = 0;   ///< read from them and written to them
  };
  /// One that no socket caused, but a timer, changes nothing.
  void after(const WakeUp& last) {
    if (last.events == 0) return;
    const bool close = last.began - began_ < interval_ * static_cast<int>(last.events);
    began_ = last.began;
    if (!close || last.bytes > kSmallBytes) {
      streak_ = 0;
    } else if (streak_ < kPatience) {
      ++streak_;
    }
    resting_ = streak_ == kPatience && (last.ended - last.began) * kSmallPart <= interval_;
  }

  bool resting() const { return resting_; }
  /// The end of the rest.
  base::SteadyTime until() const { return began_ + interval_; }

 private:
  std::chrono::nanoseconds interval_;
  base::SteadyTime began_;
  unsigned streak_ = 0;
  bool resting_ = false;
};

}  // namespace mexport::libp2p::tcp
