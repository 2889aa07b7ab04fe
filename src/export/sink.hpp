// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/batch.hpp"
#include "export/gap_log.hpp"
#include "export/histogram.hpp"
#include "monitor/run_info.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

/// What a sink may ask the pipeline. Thread-safe.
class SinkContext {
 public:
  virtual ~SinkContext() = default;
  /// As it is now: addresses and the state of the clock change during a run.
  virtual monitor::RunInfo run_info() const = 0;
  /// Has `gap` events of what the sink of that name has lost go to all sinks, so that the traces
  /// tell of it.
  virtual void tell_gaps(std::string_view sink, std::vector<SinkGap> gaps) const = 0;
};

/// How a sink stands that sends to a server and keeps on disk what it cannot send.
struct DeliveryStatistics {
  bool connected = false;
  bool blocked = false;                  ///< the server asked for a pause
  std::string server;                    ///< the address last tried, without its password
  std::string last_error;                ///< of the last failure; empty while connected
  std::uint64_t batches_confirmed = 0;   ///< taken over by the server
  std::uint64_t batches_returned = 0;    ///< that nobody there wanted, with later tries
  std::uint64_t batches_refused = 0;     ///< that the server would not take, with later tries
  std::uint64_t batches_in_flight = 0;   ///< sent and not confirmed
  std::uint64_t spooled_batches = 0;     ///< on disk
  std::uint64_t spooled_bytes = 0;       ///< on disk, compressed
  std::chrono::nanoseconds lag{0};       ///< age of the oldest batch that is not confirmed
  std::uint64_t uncompressed_bytes = 0;  ///< of what SinkStatistics::bytes_out counts
  LatencyHistogram latency;              ///< from a batch's first sending to its confirmation
  SizeHistogram batch_events;            ///< of the batches as they are first sent
};

struct SinkStatistics {
  std::array<std::uint64_t, monitor::kEventKinds> written{};  ///< events by kind
  monitor::LossTable lost{};                                  ///< events by kind and reason
  std::uint64_t bytes_out = 0;                      ///< as written or sent, after compression
  std::uint64_t errors = 0;                         ///< failed writes or connections
  std::uint64_t queued_bytes = 0;                   ///< waiting in its queue
  std::map<std::string, std::uint64_t> counters{};  ///< others by name, for heartbeats
  std::optional<DeliveryStatistics> delivery{};     ///< of a sink that sends to a server
};

/// One way out for events. It has its own queue and thread, and its failures are its own: it never
/// blocks whoever submits, drops what it cannot hold, counts that and reports it as gaps.
class Sink {
 public:
  virtual ~Sink() = default;

  virtual std::string_view name() const = 0;
  /// Whether it is a record of the events, so that what it loses is lost to whoever runs the
  /// monitor; rather than something that follows them.
  virtual bool records() const { return true; }
  /// Called once, before the first submit(). `context` outlives the sink's stop().
  virtual base::Status start(const SinkContext& context) = 0;
  /// From the export thread only.
  virtual void submit(BatchPtr batch) noexcept = 0;
  /// Nothing is submitted any more: writes what is queued and ends the thread; what is not done at
  /// the deadline is counted as lost.
  virtual void stop(std::chrono::steady_clock::time_point deadline) = 0;
  /// Log files and the like were moved away: begin new ones. Thread-safe.
  virtual void reopen() {}
  /// Thread-safe.
  virtual SinkStatistics statistics() const = 0;
};

}  // namespace mexport::exporter
