// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "export/disk.hpp"
#include "export/sink.hpp"
#include "export/trace_stage.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace mexport::exporter {

/// Writes events to compressed files `<directory>/YYYY-MM-DD_HH-MM-SS_UTC.json.gz`, named by the
/// time of their creation; `.tmp` is added until a file is complete. Each begins with a run_info
/// event. A new one begins at each multiple of `rotate_interval` in UTC, at `rotate_bytes`, and at
/// reopen(). What a crash left behind is completed after start().
///
/// When the disk fails, events are lost, counted and reported as gaps, and a new file is tried
/// every `retry_interval`.
class TraceSink final : public Sink {
 public:
  using Options = TraceOptions;

  /// Makes the directory where it is missing and checks that it can be written. `clock` and `disk`
  /// must outlive the sink.
  static base::Result<std::unique_ptr<TraceSink>> create(Options options, const base::Clock& clock,
                                                         Disk& disk, base::Logger logger);
  ~TraceSink() override;

  std::string_view name() const override;
  /// Begins the first file and the thread.
  base::Status start(const SinkContext& context) override;
  void submit(BatchPtr batch) noexcept override;
  void stop(std::chrono::steady_clock::time_point deadline) override;
  void reopen() override;
  SinkStatistics statistics() const override;

  /// The name of the file that is being written, without directory; empty when there is none.
  std::string current_file() const;

 private:
  class Impl;
  explicit TraceSink(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::exporter
