// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "export/pipeline_core.hpp"
#include "export/sink.hpp"
#include "monitor/host.hpp"
#include "monitor/observation.hpp"
#include "monitor/run_info.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mexport::exporter {

/// The way of an event from the hosts' threads to the sinks: one queue per host thread, one export
/// thread that merges, numbers, encodes and batches, and any number of sinks with threads of their
/// own.
///
/// Order of use: add_source() per host thread and add_sink(), start(), … the host's threads end …,
/// stop(). Facts may be submitted before start(); they wait in their queue.
class Pipeline {
 public:
  using Options = PipelineOptions;

  /// `clock` must outlive the pipeline.
  Pipeline(Options options, const base::Clock& clock, base::Random& random, base::Logger logger);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// A queue for one thread of a host; lives as long as the pipeline. Before start().
  monitor::ObservationSink& add_source();
  /// Before start().
  void add_sink(std::unique_ptr<Sink> sink);

  /// Starts the sinks and the export thread. `host` is asked for heartbeats and run_info, from the
  /// pipeline's threads, and must answer until stop() has returned. Fails with the error of the
  /// sink that could not start; nothing runs then.
  base::Status start(monitor::Host& host);

  /// Once the hosts submit nothing any more: everything that is queued goes to the sinks, and they
  /// get `patience` together to write it. Does nothing when it is not running.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(10));

  /// Tells each sink to reopen its files. Thread-safe.
  void reopen();

  /// Thread-safe once start() has returned.
  PipelineStatistics statistics() const;
  /// As it is now, our own ids and addresses as they are recorded. As statistics().
  monitor::RunInfo run_info() const;
  /// The sinks, for their statistics; unchanged after start().
  const std::vector<std::unique_ptr<Sink>>& sinks() const;
  /// 32 hex digits, new with each pipeline.
  const std::string& run_id() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::exporter
