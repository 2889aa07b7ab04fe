// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mexport::base {

/// So many at once, and one each interval in the long run.
struct Rate {
  std::chrono::nanoseconds interval;
  std::uint32_t burst;  ///< at least 1
  bool operator==(const Rate&) const = default;
};

/// Holds something that others ask for to a rate (the generic cell rate algorithm). Eight bytes;
/// new, it has its whole burst. One thread.
class RateLimit {
 public:
  /// Whether one more is within the rate, which is the same at each call; if so, it counts.
  bool take(const Rate& rate, SteadyTime now) {
    const SteadyTime paid = std::max(paid_until_, now);
    if (paid - now > rate.interval * (rate.burst - 1)) return false;
    paid_until_ = paid + rate.interval;
    return true;
  }

 private:
  SteadyTime paid_until_{};
};

}  // namespace mexport::base
