// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "export/batch_builder.hpp"
#include "export/export_stage.hpp"
#include "export/sink.hpp"
#include "monitor/host.hpp"
#include "monitor/loss.hpp"
#include "monitor/observation_queue.hpp"
#include "monitor/privacy.hpp"
#include "monitor/run_info.hpp"
#include "monitor/wake_up.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::exporter {

/// Of the way from the hosts to the sinks; each sink has its own beside.
struct PipelineStatistics {
  std::array<std::uint64_t, monitor::kEventKinds> events{};  ///< handed to the sinks, by kind
  monitor::LossTable lost{};                                 ///< before the sinks
  std::uint64_t bytes = 0;                                   ///< encoded
  std::uint64_t queued = 0;                                  ///< facts that wait
  std::uint64_t queued_bytes = 0;
  std::uint64_t unknown_want_types =
      0;  ///< entries whose want type the reference would pass on raw
  std::uint64_t unknown_presence_types = 0;
  monitor::ClockState clock;
};

struct PipelineOptions {
  BatchLimits batch{};
  monitor::ObservationQueue::Limits queue{};
  std::chrono::milliseconds poll_interval{25};  ///< of the queues, while facts come
  std::chrono::milliseconds reorder_margin{5};  ///< see FactMerger
  std::chrono::seconds heartbeat_interval{60};
  bool several_nodes = false;  ///< whether events name the node that saw them
  std::string version{};
  std::string configuration_hash{};
  std::string monitor_name{};
  std::string contact{};
  /// For our own ids and addresses; the hosts apply the same to what they see.
  std::shared_ptr<const monitor::Privacy> privacy = std::make_shared<const monitor::Privacy>();
};

/// A Pipeline without its thread: whoever drives it calls run() again and again, the export thread
/// or the simulation. One owner, one thread; run_info(), statistics() and wake_up() from any.
class PipelineCore final : public SinkContext {
 public:
  /// `clock` must outlive it.
  PipelineCore(PipelineOptions options, const base::Clock& clock, base::Random& random,
               base::Logger logger);

  /// As of Pipeline, before start().
  monitor::ObservationSink& add_source();
  void add_sink(std::unique_ptr<Sink> sink) { sinks_.push_back(std::move(sink)); }

  /// Starts the sinks; without effect when one fails. `host` must answer until the last run().
  base::Status start(monitor::Host& host);
  void stop_sinks(std::chrono::steady_clock::time_point deadline);
  void reopen();

  /// Encodes what is due at `now` and hands it on, samples the clock each second, tells of the
  /// monitor each minute. With `drain`, only and all of what waits: no writer may be left then.
  ExportStage::Progress run(base::SteadyTime now, bool drain);
  /// Hands on what has been encoded, full or not.
  void flush() { stage_->flush(); }
  /// Whether no fact waits.
  bool idle() { return stage_->idle(); }
  /// Whether run() would find little at `now`, and no batch to hand on: it costs less a little
  /// later.
  bool may_wait(base::SteadyTime now) const;
  /// When a batch that is not full has to be handed on by run().
  std::optional<base::SteadyTime> due() const { return stage_->due(); }
  /// Woken by writers.
  monitor::WakeUp& wake_up() { return wake_up_; }

  const PipelineOptions& options() const { return options_; }
  monitor::RunInfo run_info() const override;
  void tell_gaps(std::string_view sink, std::vector<SinkGap> gaps) const override;
  PipelineStatistics statistics() const;
  const std::vector<std::unique_ptr<Sink>>& sinks() const { return sinks_; }
  const std::string& run_id() const { return run_id_; }

 private:
  std::unique_ptr<ExportStage> make_stage();
  base::Status start_sinks();
  void upkeep(base::SteadyTime now);
  void tell_gaps();
  void heartbeat(base::SteadyTime now);

  const PipelineOptions options_;
  const base::Clock& clock_;
  const base::Logger logger_;
  const std::uint64_t hash_seed_;
  const std::string run_id_;
  monitor::WakeUp wake_up_;
  std::vector<std::unique_ptr<monitor::ObservationQueue>> sources_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  monitor::Host* host_ = nullptr;
  base::WallTime started_at_;
  base::SteadyTime started_;
  base::SteadyTime next_sample_;
  base::SteadyTime next_heartbeat_;

  mutable std::mutex mutex_;  // guards what follows
  monitor::ClockState clock_state_;
  mutable std::vector<std::pair<std::string, SinkGap>> gaps_;  // of sinks, still to be told
  std::unique_ptr<ExportStage> stage_;
};

}  // namespace mexport::exporter
