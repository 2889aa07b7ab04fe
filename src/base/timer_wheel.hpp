// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace mexport::base {

class TimerWheel;

/// A timer that lives inside its owner: no allocation to arm it, and its destructor disarms it.
/// Belongs to the wheel's thread. Not movable, because the wheel links to its address.
class Timer {
 public:
  using Callback = void (*)(void* owner);

  /// `on_expiry(owner)` runs once per arming; the timer is already disarmed then, so that the
  /// callback may arm it again or destroy it.
  Timer(Callback on_expiry, void* owner) : on_expiry_(on_expiry), owner_(owner) {}
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  bool armed() const { return wheel_ != nullptr; }
  void disarm();

 private:
  friend class TimerWheel;
  Callback on_expiry_;
  void* owner_;
  TimerWheel* wheel_ = nullptr;
  Timer* previous_ = nullptr;
  Timer* next_ = nullptr;
  std::uint64_t tick_ = 0;
  std::uint32_t slot_ = 0;
};

/// A hierarchical timer wheel with ticks of 1 ms: arming, disarming and expiry cost O(1) whatever
/// the number of timers. Free of I/O: its owner calls advance() when next_expiry() has come. One
/// thread.
class TimerWheel {
 public:
  explicit TimerWheel(SteadyTime start) : start_(start) {}
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Arms (or re-arms) `timer`; a time that has passed expires with the next advance(), and never
  /// within the one that is running.
  void arm(Timer& timer, SteadyTime at);

  /// Runs the callbacks of all timers whose time is not after `now`, in the order of their ticks.
  void advance(SteadyTime now);

  /// When advance() should next be called; never later than the first armed timer, maybe earlier.
  std::optional<SteadyTime> next_expiry() const;

  std::size_t armed_count() const { return armed_; }

 private:
  friend class Timer;
  static constexpr unsigned kBits = 8;
  static constexpr unsigned kSlots = 1U << kBits;
  static constexpr unsigned kLevels = 4;  // 2^32 ms: 49 days; later timers wait in the last slot

  void link(Timer& timer);
  void unlink(Timer& timer);
  void run_current_tick();
  void cascade(unsigned level);
  void expire_slot(std::uint32_t slot);
  std::uint64_t next_busy_tick() const;

  SteadyTime start_;
  std::uint64_t current_tick_ = 0;  // all ticks before this one have run
  std::size_t armed_ = 0;
  bool advancing_ = false;
  std::array<Timer*, kSlots * kLevels> slots_{};
  std::array<std::uint64_t, kSlots * kLevels / 64> occupied_{};
};

}  // namespace mexport::base
