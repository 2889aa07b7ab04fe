// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace mexport::node {

/// The worst latency of the last one to two minutes, whoever asks how often. Thread-safe.
class LatencyWindow {
 public:
  static constexpr std::chrono::seconds kSpan{60};

  /// Takes in what was measured since the last call and tells the worst of the window.
  std::chrono::nanoseconds update(std::chrono::nanoseconds measured, base::SteadyTime now) {
    const std::lock_guard lock(mutex_);
    if (now - since_ >= kSpan) {
      before_ = now - since_ < 2 * kSpan ? current_ : std::chrono::nanoseconds{0};
      current_ = std::chrono::nanoseconds{0};
      since_ = now;
    }
    current_ = std::max(current_, measured);
    return std::max(current_, before_);
  }

 private:
  std::mutex mutex_;
  base::SteadyTime since_;
  std::chrono::nanoseconds current_{0};
  std::chrono::nanoseconds before_{0};
};

}  // namespace mexport::node
