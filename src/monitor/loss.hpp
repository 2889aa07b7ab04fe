// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/observation.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mexport::monitor {

/// Why events were lost. A closed set: it is a label of counters and stands in gap events.
enum class LossReason : std::uint8_t {
  queue_full,       ///< too many facts waited for the export thread
  queue_bytes,      ///< the facts that waited held too much memory
  sink_queue_full,  ///< a sink was too slow
  disk_error,       ///< a trace file could not be written
  stopped,          ///< a sink did not finish within the deadline of the stop
  spool_full,       ///< the oldest that a sink kept on disk had to go
  unrouted,         ///< a broker had no queue for them for too long
  refused,          ///< a broker would not take them for too long
  host_queue_full,  ///< the host's own queue, before the monitor's, had no room
};
inline constexpr std::size_t kLossReasons = 9;
std::string_view to_string(LossReason reason);

/// A counter for each kind and reason.
using LossTable = std::array<std::array<std::uint64_t, kLossReasons>, kEventKinds>;

/// Events of one kind that were lost, as their sequence numbers tell: from … to, both included.
struct LostRange {
  EventKind kind = EventKind::bitswap_message;
  LossReason reason = LossReason::queue_full;
  std::uint64_t from = 0;
  std::uint64_t to = 0;

  std::uint64_t count() const { return to - from + 1; }
  bool operator==(const LostRange&) const = default;
};

/// Facts of one kind that a queue could not take, in the order of the facts around them.
struct LostFacts {
  EventKind kind = EventKind::bitswap_message;
  LossReason reason = LossReason::queue_full;
  std::uint64_t count = 0;
  base::SteadyTime first;  ///< time of the first one
  base::SteadyTime last;
};

}  // namespace mexport::monitor
