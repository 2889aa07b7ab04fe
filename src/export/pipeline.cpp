// SPDX-License-Identifier: MIT
#include "export/pipeline.hpp"

#include "export/export_stage.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace mexport::exporter {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestSleep{100};

}  // namespace

/// The export thread and what it owns. Members up to `thread_` are set before it starts.
class Pipeline::Impl final : public SinkContext {
 public:
  Impl(Options options, const base::Clock& clock, base::Random& random, base::Logger logger)
      : options_(std::move(options)),
        clock_(clock),
        logger_(std::move(logger)),
        hash_seed_(random.next()),
        run_id_(monitor::make_run_id(random)) {}

  monitor::ObservationSink& add_source() {
    sources_.push_back(std::make_unique<monitor::ObservationQueue>(options_.queue, wake_up_));
    return *sources_.back();
  }
  void add_sink(std::unique_ptr<Sink> sink) { sinks_.push_back(std::move(sink)); }

  base::Status start(monitor::Host& host);
  void stop(milliseconds patience);
  void reopen() {
    for (const auto& sink : sinks_) sink->reopen();
  }

  monitor::RunInfo run_info() const override;
  PipelineStatistics statistics() const;
  const std::vector<std::unique_ptr<Sink>>& sinks() const { return sinks_; }
  const std::string& run_id() const { return run_id_; }

 private:
  std::unique_ptr<ExportStage> make_stage();
  base::Status start_sinks();
  void stop_sinks(std::size_t count, milliseconds patience);
  void loop();
  void upkeep(base::SteadyTime now);
  void heartbeat(base::SteadyTime now);
  void rest(bool worked, base::SteadyTime now);

  const Options options_;
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

  base::SteadyTime next_sample_;  // the export thread's
  base::SteadyTime next_heartbeat_;

  mutable std::mutex mutex_;  // guards clock_state_
  monitor::ClockState clock_state_;
  std::unique_ptr<ExportStage> stage_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

base::Status Pipeline::Impl::start(monitor::Host& host) {
  host_ = &host;
  started_ = clock_.now();
  started_at_ = clock_.wall_now();
  next_sample_ = started_ + seconds(1);
  next_heartbeat_ = started_ + options_.heartbeat_interval;
  stage_ = make_stage();
  if (auto status = start_sinks(); !status) return status;
  stopping_ = false;
  thread_ = std::thread([this] { loop(); });
  return {};
}

std::unique_ptr<ExportStage> Pipeline::Impl::make_stage() {
  const auto ids = host_->peer_ids();
  ExportStage::Options options{
      .batch = options_.batch,
      .reorder_margin = options_.reorder_margin,
      .encoder = {.several_nodes = options_.several_nodes, .hash_seed = hash_seed_},
      .peer = ids.empty() ? std::string() : ids.front()};
  auto stage =
      std::make_unique<ExportStage>(std::move(options), clock_, [this](const BatchPtr& batch) {
        for (const auto& sink : sinks_) sink->submit(batch);
      });
  for (const auto& source : sources_) stage->add(*source);
  return stage;
}

base::Status Pipeline::Impl::start_sinks() {
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    if (auto status = sinks_[i]->start(*this); !status) {
      stop_sinks(i, milliseconds(0));
      return status;
    }
  }
  return {};
}

void Pipeline::Impl::stop(milliseconds patience) {
  if (!thread_.joinable()) return;
  stopping_ = true;
  wake_up_.signal();
  thread_.join();
  stop_sinks(sinks_.size(), patience);
}

void Pipeline::Impl::stop_sinks(std::size_t count, milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (std::size_t i = 0; i < count; ++i) sinks_[i]->stop(deadline);
}

void Pipeline::Impl::loop() {
  for (;;) {
    const bool stopping = stopping_;  // read first: what was submitted before it is drained below
    const auto now = clock_.now();
    const auto progress = stage_->run(now, stopping);
    if (stopping && !progress.more) break;
    if (!stopping) upkeep(now);
    if (!progress.more) rest(progress.worked, now);
  }
  stage_->flush();
}

void Pipeline::Impl::upkeep(base::SteadyTime now) {
  if (now >= next_sample_) {
    next_sample_ = now + seconds(1);
    const bool stepped = stage_->sample_clock();
    const auto state = stage_->clock_state();
    if (stepped) {
      logger_.warn("the machine's clock was set by {} ms; timestamps follow without going back",
                   duration_cast<milliseconds>(state.last_step).count());
    }
    const std::lock_guard lock(mutex_);
    clock_state_ = state;
  }
  if (now >= next_heartbeat_) {
    next_heartbeat_ = std::max(next_heartbeat_ + options_.heartbeat_interval, now);
    heartbeat(now);
  }
}

void Pipeline::Impl::heartbeat(base::SteadyTime now) {
  monitor::Heartbeat heartbeat;
  heartbeat.uptime = now - started_;
  heartbeat.host = host_->statistics();
  for (const auto& source : sources_) heartbeat.queued += source->facts();
  stage_->heartbeat(std::move(heartbeat));
}

void Pipeline::Impl::rest(bool worked, base::SteadyTime now) {
  if (worked || !stage_->idle()) {
    // Facts keep coming: looking again a little later costs the writers nothing.
    std::this_thread::sleep_for(options_.poll_interval);
    return;
  }
  auto limit = kLongestSleep;
  if (const auto due = stage_->due()) {
    limit = std::clamp(duration_cast<milliseconds>(*due - now), milliseconds(1), limit);
  }
  wake_up_.prepare();
  if (stopping_ || !stage_->idle()) {
    wake_up_.cancel();
  } else {
    wake_up_.wait(limit);
  }
}

monitor::RunInfo Pipeline::Impl::run_info() const {
  monitor::RunInfo info{.version = options_.version,
                        .run_id = run_id_,
                        .configuration_hash = options_.configuration_hash,
                        .monitor_name = options_.monitor_name,
                        .peer_ids = host_->peer_ids(),
                        .listen_addrs = host_->listen_addrs(),
                        .started_at = started_at_,
                        .clock = {}};
  const std::lock_guard lock(mutex_);
  info.clock = clock_state_;
  return info;
}

PipelineStatistics Pipeline::Impl::statistics() const {
  PipelineStatistics statistics;
  for (const auto& source : sources_) {
    statistics.queued += source->facts();
    statistics.queued_bytes += source->bytes();
  }
  if (stage_) {
    const auto& counters = stage_->counters();
    for (std::size_t i = 0; i < monitor::kEventKinds; ++i) {
      statistics.events[i] = counters.events[i].value();
    }
    statistics.lost = stage_->lost();
    statistics.bytes = counters.bytes.value();
    statistics.unknown_want_types = counters.unknown_want_types.value();
    statistics.unknown_presence_types = counters.unknown_presence_types.value();
  }
  const std::lock_guard lock(mutex_);
  statistics.clock = clock_state_;
  return statistics;
}

Pipeline::Pipeline(Options options, const base::Clock& clock, base::Random& random,
                   base::Logger logger)
    : impl_(std::make_unique<Impl>(std::move(options), clock, random, std::move(logger))) {}
Pipeline::~Pipeline() {
  stop();
}

monitor::ObservationSink& Pipeline::add_source() {
  return impl_->add_source();
}
void Pipeline::add_sink(std::unique_ptr<Sink> sink) {
  impl_->add_sink(std::move(sink));
}
base::Status Pipeline::start(monitor::Host& host) {
  return impl_->start(host);
}
void Pipeline::stop(milliseconds patience) {
  impl_->stop(patience);
}
void Pipeline::reopen() {
  impl_->reopen();
}
PipelineStatistics Pipeline::statistics() const {
  return impl_->statistics();
}
const std::vector<std::unique_ptr<Sink>>& Pipeline::sinks() const {
  return impl_->sinks();
}
const std::string& Pipeline::run_id() const {
  return impl_->run_id();
}

}  // namespace mexport::exporter
