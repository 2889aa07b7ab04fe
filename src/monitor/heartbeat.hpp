// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/host.hpp"
#include "monitor/loss.hpp"
#include "monitor/run_info.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace mexport::monitor {

/// That the monitor was alive, and what it carried: one event a minute.
struct Heartbeat {
  std::chrono::nanoseconds uptime{0};
  HostStatistics host;
  std::array<std::uint64_t, kEventKinds> sequences{};  ///< the last number given, per kind
  LossTable lost{};                                    ///< since the start, on the way to the sinks
  std::uint64_t queued = 0;                            ///< facts waiting for the export thread
  ClockState clock;
};

}  // namespace mexport::monitor
