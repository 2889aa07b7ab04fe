// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/pipeline.hpp"
#include "monitor/host.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace mexport::app {

/// Sums since the start, and what is open now.
struct Totals {
  std::uint64_t connections_inbound = 0;
  std::uint64_t connections_outbound = 0;
  std::uint64_t messages = 0;
  std::uint64_t wantlist_entries = 0;
  std::uint64_t events_written = 0;
  std::uint64_t events_lost = 0;
  std::map<std::string, std::uint64_t> lost_by_reason;
};

/// Of several sinks that record, events count as written by the one that has written the most, and
/// as lost when any of them lost them.
Totals totals_of(const monitor::HostStatistics& host, const exporter::Pipeline& pipeline);

/// Turns totals into the status line, with rates since its last one.
class StatusMeter {
 public:
  explicit StatusMeter(base::SteadyTime start) : last_time_(start) {}

  /// "connections 12 (10 in, 2 out)  messages 3/s  wantlist entries 40/s  events written 1000
  /// lost 0", in one line.
  std::string line(const Totals& totals, base::SteadyTime now);

 private:
  Totals last_;
  base::SteadyTime last_time_;
};

/// The last words of a run: "1000 events written, 3 lost (queue_full 3)".
std::string summary(const Totals& totals);
/// "name 1, other 2", without zeros; "none" when there is nothing.
std::string counters_text(const std::map<std::string, std::uint64_t>& counters);

}  // namespace mexport::app
