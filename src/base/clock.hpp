// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace mexport::base {

/// For deadlines, durations and the order of events; never steps.
using SteadyTime = std::chrono::steady_clock::time_point;
/// UTC with nanoseconds; may step when the machine's clock is set.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Where time comes from, so that tests and the simulation can bring their own. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime now() const = 0;
  virtual WallTime wall_now() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace mexport::base
