// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/gap_log.hpp"
#include "export/json_writer.hpp"
#include "monitor/heartbeat.hpp"
#include "monitor/loss.hpp"
#include "monitor/run_info.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// Writes the events that tell of the monitor itself: run_info, heartbeat, gap. Each append_…()
/// appends one line without newline and returns the size of its part before `,"ext"`. One owner,
/// one thread.
class OwnEventEncoder {
 public:
  /// `peer` stands in each event: the id of our (first) node.
  explicit OwnEventEncoder(std::string peer) : peer_(std::move(peer)) {}

  std::size_t append_run_info(const monitor::RunInfo& info, base::WallTime timestamp,
                              std::uint64_t sequence, std::string& out);
  std::size_t append_heartbeat(const monitor::Heartbeat& heartbeat, base::WallTime timestamp,
                               std::uint64_t sequence, std::string& out);
  std::size_t append_gap(const monitor::LostRange& range, base::WallTime timestamp,
                         std::uint64_t sequence, std::string& out);
  /// A gap that another sink has, for all of them to tell.
  std::size_t append_told_gap(const SinkGap& gap, std::string_view sink, base::WallTime timestamp,
                              std::uint64_t sequence, std::string& out);
  /// A gap that the sink itself has in what it writes. It has no number, since other sinks lack it.
  std::size_t append_sink_gap(const monitor::LostRange& range, base::WallTime timestamp,
                              std::string_view sink, std::string& out);

 private:
  std::size_t begin(base::WallTime timestamp, std::string& out);
  /// `run_id` is empty where the gap is in the run that tells of it.
  void append_body(const monitor::LostRange& range, std::string_view run_id, std::string& out);
  void append_body(const monitor::RunInfo& info, std::string& out);

  std::string peer_;
  TimestampWriter timestamps_;
};

}  // namespace mexport::exporter
