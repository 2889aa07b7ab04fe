// SPDX-License-Identifier: MIT
#include "export/pipeline_core.hpp"

#include <algorithm>
#include <utility>

namespace mexport::exporter {

using std::chrono::seconds;

namespace {

/// Of sinks that tell of more while the export thread is busy; they count them in any case.
constexpr std::size_t kMaxUntoldGaps = 65'536;

/// Facts that wait, and their bytes, which are few: of a queue that holds less, an eighth.
constexpr std::size_t kFewFacts = 256;
constexpr std::size_t kFewBytes = 256 << 10;
constexpr std::size_t kFewShare = 8;
/// On average; longer ones are let go sooner, as they hold more memory.
constexpr std::size_t kShortFact = 2 << 10;

}  // namespace

PipelineCore::PipelineCore(PipelineOptions options, const base::Clock& clock, base::Random& random,
                           base::Logger logger)
    : options_(std::move(options)),
      clock_(clock),
      logger_(std::move(logger)),
      hash_seed_(random.next()),
      run_id_(monitor::make_run_id(random)) {}

monitor::ObservationSink& PipelineCore::add_source() {
  sources_.push_back(std::make_unique<monitor::ObservationQueue>(options_.queue, wake_up_));
  return *sources_.back();
}

base::Status PipelineCore::start(monitor::Host& host) {
  host_ = &host;
  started_ = clock_.now();
  started_at_ = clock_.wall_now();
  next_sample_ = started_ + seconds(1);
  next_heartbeat_ = started_ + options_.heartbeat_interval;
  stage_ = make_stage();
  return start_sinks();
}

std::unique_ptr<ExportStage> PipelineCore::make_stage() {
  const auto ids = host_->peer_ids();
  ExportStage::Options options{
      .batch = options_.batch,
      .reorder_margin = options_.reorder_margin,
      .encoder = {.several_nodes = options_.several_nodes, .hash_seed = hash_seed_},
      .peer = ids.empty() ? std::string() : options_.privacy->shown_peer_text(ids.front())};
  auto stage =
      std::make_unique<ExportStage>(std::move(options), clock_, [this](const BatchPtr& batch) {
        for (const auto& sink : sinks_) sink->submit(batch);
      });
  for (const auto& source : sources_) stage->add(*source);
  return stage;
}

base::Status PipelineCore::start_sinks() {
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    if (auto status = sinks_[i]->start(*this); !status) {
      const auto now = std::chrono::steady_clock::now();
      for (std::size_t started = 0; started < i; ++started) sinks_[started]->stop(now);
      return status;
    }
  }
  return {};
}

void PipelineCore::stop_sinks(std::chrono::steady_clock::time_point deadline) {
  for (const auto& sink : sinks_) sink->stop(deadline);
}

void PipelineCore::reopen() {
  for (const auto& sink : sinks_) sink->reopen();
}

ExportStage::Progress PipelineCore::run(base::SteadyTime now, bool drain) {
  const auto progress = stage_->run(now, drain);
  tell_gaps();
  if (!drain) upkeep(now);
  return progress;
}

bool PipelineCore::may_wait(base::SteadyTime now) const {
  const auto until = due();
  if (!until || *until <= now) return false;
  const auto few_facts = std::min(kFewFacts, options_.queue.facts / kFewShare);
  const auto few_bytes = std::min(kFewBytes, options_.queue.bytes / kFewShare);
  return std::ranges::all_of(sources_, [&](const auto& source) {
    const auto facts = source->facts();
    return facts <= few_facts && source->bytes() <= std::min(few_bytes, facts * kShortFact);
  });
}

void PipelineCore::tell_gaps(std::string_view sink, std::vector<SinkGap> gaps) const {
  const std::lock_guard lock(mutex_);
  for (auto& gap : gaps) {
    if (gaps_.size() == kMaxUntoldGaps) return;
    gaps_.emplace_back(sink, std::move(gap));
  }
}

void PipelineCore::tell_gaps() {
  std::vector<std::pair<std::string, SinkGap>> gaps;
  {
    const std::lock_guard lock(mutex_);
    gaps.swap(gaps_);
  }
  for (const auto& [sink, gap] : gaps) stage_->tell_gap(sink, gap);
}

void PipelineCore::upkeep(base::SteadyTime now) {
  if (now >= next_sample_) {
    next_sample_ = now + seconds(1);
    const bool stepped = stage_->sample_clock();
    const auto state = stage_->clock_state();
    if (stepped) {
      logger_.warn("the machine's clock was set by {} ms; timestamps follow without going back",
                   std::chrono::duration_cast<std::chrono::milliseconds>(state.last_step).count());
    }
    const std::lock_guard lock(mutex_);
    clock_state_ = state;
  }
  if (now >= next_heartbeat_) {
    next_heartbeat_ = std::max(next_heartbeat_ + options_.heartbeat_interval, now);
    heartbeat(now);
  }
}

void PipelineCore::heartbeat(base::SteadyTime now) {
  monitor::Heartbeat heartbeat;
  heartbeat.uptime = now - started_;
  heartbeat.host = host_->statistics();
  for (const auto& sink : sinks_) heartbeat.host.counters.merge(sink->statistics().counters);
  for (const auto& source : sources_) heartbeat.queued += source->facts();
  stage_->heartbeat(std::move(heartbeat));
}

monitor::RunInfo PipelineCore::run_info() const {
  monitor::RunInfo info{.version = options_.version,
                        .run_id = run_id_,
                        .configuration_hash = options_.configuration_hash,
                        .monitor_name = options_.monitor_name,
                        .contact = options_.contact,
                        .privacy = options_.privacy->info(),
                        .peer_ids = host_->peer_ids(),
                        .listen_addrs = options_.privacy->shown_set(host_->listen_addrs()),
                        .started_at = started_at_,
                        .clock = {}};
  for (auto& id : info.peer_ids) id = options_.privacy->shown_peer_text(id);
  const std::lock_guard lock(mutex_);
  info.clock = clock_state_;
  return info;
}

PipelineStatistics PipelineCore::statistics() const {
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

}  // namespace mexport::exporter
