// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "export/disk.hpp"
#include "export/sink.hpp"

#include <chrono>
#include <cstdint>
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
  struct Options {
    std::string directory{};
    std::chrono::seconds rotate_interval{3600};
    std::uint64_t rotate_bytes = 512ULL << 20;       ///< compressed
    std::chrono::milliseconds flush_interval{1000};  ///< a crash loses at most this
    std::chrono::milliseconds retry_interval{1000};  ///< after a disk error
    std::size_t queue_bytes = 64 << 20;              ///< encoded events that may wait
  };

  /// Makes the directory where it is missing and checks that it can be written. `clock` and `disk`
  /// must outlive the sink.
  static base::Result<std::unique_ptr<TraceSink>> create(Options options, const base::Clock& clock,
                                                         Disk& disk, base::Logger logger);
  ~TraceSink() override;

  std::string_view name() const override { return "trace"; }
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
