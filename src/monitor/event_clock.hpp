// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "monitor/run_info.hpp"

#include <chrono>

namespace mexport::monitor {

/// Turns the steady times of facts into UTC that never goes backwards within a run. One owner, the
/// export thread, which calls sample() each second.
///
/// Differences below kSmall are slewed in. A wall clock set forward is followed at once; one set
/// back is followed by running at half speed until it has caught up, so that events keep their
/// order and distances tell something. Both count as a clock step.
class EventClock {
 public:
  static constexpr std::chrono::milliseconds kSmall{100};

  /// `clock` must outlive it.
  explicit EventClock(const base::Clock& clock);

  /// Compares wall and steady clock. True when the wall clock has been set since the last time.
  bool sample();

  /// UTC for a fact of time `at`; never before what it returned last.
  base::WallTime to_utc(base::SteadyTime at);

  const ClockState& state() const { return state_; }

 private:
  std::chrono::nanoseconds offset_at(base::SteadyTime at) const;
  void follow(std::chrono::nanoseconds difference);

  const base::Clock& clock_;
  base::SteadyTime sampled_at_;
  std::chrono::nanoseconds measured_{0};  // wall - steady, as found at sampled_at_
  std::chrono::nanoseconds offset_{0};    // as used at sampled_at_
  std::chrono::nanoseconds slew_{0};      // what the offset gains within the second that follows
  base::WallTime last_ = base::WallTime::min();
  ClockState state_;
};

}  // namespace mexport::monitor
