// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "export/batch_queue.hpp"
#include "export/disk.hpp"
#include "export/own_event_encoder.hpp"
#include "export/sink.hpp"
#include "export/trace_leftovers.hpp"
#include "export/trace_retention.hpp"
#include "export/trace_writer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

namespace mexport::exporter {

struct TraceOptions {
  std::string name = "trace";  ///< of the sink
  std::string directory{};
  std::chrono::seconds rotate_interval{3600};
  std::uint64_t rotate_bytes = 512ULL << 20;       ///< compressed
  std::chrono::milliseconds flush_interval{1000};  ///< a crash loses at most this
  std::chrono::milliseconds retry_interval{1000};  ///< after a disk error
  std::size_t queue_bytes = 64 << 20;              ///< encoded events that may wait
  RetentionLimits retention{};
};

/// What the thread of a TraceSink does, without the thread: takes batches from its queue, writes
/// them to files, begins new files, retries after errors. Driven by that thread or the simulation.
/// One owner, one thread, except where noted.
class TraceStage {
 public:
  /// `clock` and `disk` must outlive the stage.
  TraceStage(TraceOptions options, const base::Clock& clock, Disk& disk, base::Logger logger);

  /// Makes the directory where it is missing and checks that it can be written, which on a full
  /// disk is left for later.
  base::Status prepare();
  /// Begins the first file; tells what earlier writers have left behind. `context` outlives the
  /// stage.
  base::Result<TraceLeftovers> open(const SinkContext& context);
  /// Completes what open() found, until `cancel` becomes true. From any thread, beside step().
  void complete(const TraceLeftovers& leftovers, const std::atomic<bool>& cancel) const;

  /// Where the export thread puts its batches; its close() ends the work. From any thread.
  BatchQueue& queue() { return queue_; }
  /// The next step() begins a new file. From any thread.
  void reopen();

  enum class Progress : std::uint8_t {
    working,  ///< to be called again
    waiting,  ///< after a disk error: to be called again a little later
    ended,    ///< the queue is closed and nothing is left that can be written
  };
  /// Writes at most one batch, for which it waits up to `patience`.
  Progress step(std::chrono::milliseconds patience);
  /// Completes the file; what is still queued is counted as lost. The last call.
  void end();

  const TraceOptions& options() const { return options_; }
  /// From any thread, as the next one.
  SinkStatistics statistics() const;
  /// The name of the file that is being written, without directory; empty when there is none.
  std::string current_file() const;

 private:
  using Item = BatchQueue::Item;

  void take(std::chrono::milliseconds patience);
  void upkeep();
  bool rotation_due() const;
  bool work_left();
  base::Status write_next();
  base::Status write(const Item& item);
  base::Status prepare_directory();
  base::Status open_file();
  base::Status flush();
  base::Status finish_file();
  void recover(std::error_code error);
  base::Status salvage();
  void give_up();
  void count_written();
  void retain();
  void report(const RetentionReport& report);
  void set_current_file(std::string name);

  const TraceOptions options_;
  const base::Clock& clock_;
  Disk& disk_;
  const base::Logger logger_;
  TraceRetention retention_;
  BatchQueue queue_;
  const SinkContext* context_ = nullptr;

  std::unique_ptr<OwnEventEncoder> encoder_;
  std::unique_ptr<TraceWriter> writer_;
  std::unique_ptr<TraceWriter> broken_;  // to be cut to what was safe
  int salvages_left_ = 0;
  std::deque<Item> todo_;        // taken from the queue, to be written
  std::vector<Item> unflushed_;  // written; kept until they are safe
  base::WallTime rotate_at_;
  base::WallTime last_timestamp_;  // written
  base::WallTime safe_timestamp_;  // and flushed: what follows may have to be written again
  base::WallTime named_;           // the time in the newest file's name
  base::SteadyTime flush_at_;
  base::SteadyTime retry_at_ = base::SteadyTime::min();
  base::SteadyTime retain_at_ = base::SteadyTime::min();
  std::uint64_t files_ = 0;
  std::uint64_t flushed_size_ = 0;
  std::size_t unflushed_bytes_ = 0;
  std::size_t unflushed_large_ = 0;  // of them, in large events
  bool has_directory_ = false;       // or it could not be made yet
  bool failing_ = false;
  bool last_try_ = false;
  bool doubting_ = false;  // whether files stay because the clock may be wrong
  bool removing_ = true;   // whether files that are to go do go

  std::atomic<bool> reopen_{false};

  mutable std::mutex mutex_;  // guards what follows
  SinkStatistics statistics_;
  std::string current_file_;
};

}  // namespace mexport::exporter
