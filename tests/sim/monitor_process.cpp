// SPDX-License-Identifier: MIT
#include "tests/sim/monitor_process.hpp"

#include "tests/sim/accounting.hpp"

#include <algorithm>
#include <utility>

namespace mexport::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// As the program's.
constexpr seconds kStopPatience{2};
/// How many batches the sink's thread writes in a turn.
constexpr int kStepsPerTurn = 64;

}  // namespace

/// Notes each fact before it goes into its queue.
class MonitorProcess::Tap final : public monitor::ObservationSink {
 public:
  Tap(monitor::ObservationSink& queue, Truth& truth) : queue_(queue), truth_(truth) {}
  void submit(monitor::Fact&& fact) noexcept override {
    {
      const OwnerScope scope(Owner::world);
      truth_.hear(fact);
    }
    queue_.submit(std::move(fact));
  }
  void begin_batch(base::SteadyTime now) noexcept override { queue_.begin_batch(now); }
  void end_batch() noexcept override { queue_.end_batch(); }
  std::size_t waiting() const noexcept override { return queue_.waiting(); }

 private:
  monitor::ObservationSink& queue_;
  Truth& truth_;
};

/// The trace sink without its threads.
class MonitorProcess::Sink final : public exporter::Sink {
 public:
  Sink(exporter::TraceOptions options, const base::Clock& clock, exporter::Disk& disk)
      : stage(std::move(options), clock, disk, {}) {}

  std::string_view name() const override { return "trace"; }
  base::Status start(const exporter::SinkContext& context) override {
    if (auto status = stage.prepare(); !status) return status;
    auto leftovers = stage.open(context);
    if (!leftovers) return base::fail(leftovers.error());
    stage.complete(*leftovers, std::atomic<bool>(false));
    return {};
  }
  void submit(exporter::BatchPtr batch) noexcept override { stage.queue().push(std::move(batch)); }
  void stop(std::chrono::steady_clock::time_point) override {}
  exporter::SinkStatistics statistics() const override { return stage.statistics(); }

  exporter::TraceStage stage;
};

MonitorProcess::MonitorProcess(MonitorParts parts, MonitorOptions options, std::uint64_t seed)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      random_(seed),
      security_(libp2p::NodeSecurity::create(parts_.identity, parts_.clock).value()),
      admission_(options_.admission),
      pipeline_(options_.pipeline, parts_.clock, random_, {}) {
  auto sink = std::make_unique<Sink>(options_.traces, parts_.clock, parts_.disk);
  sink_ = sink.get();
  pipeline_.add_sink(std::move(sink));
  for (std::size_t i = 0; i < options_.shards; ++i) {
    sim_shards_.push_back(
        std::make_shared<SimShard>(parts_.scheduler, random_.next(), Owner::monitor));
    taps_.push_back(std::make_unique<Tap>(pipeline_.add_source(), parts_.truth));
    brackets_.push_back(std::make_unique<node::SinkBracket>(*sim_shards_[i], *taps_[i]));
    sim_shards_[i]->set_lag(options_.shard_lag);
  }
}

MonitorProcess::~MonitorProcess() {
  *alive_ = false;
  end_swarms();
  brackets_.clear();
}

void MonitorProcess::end_swarms() {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    sim_shards_[i]->run([&] { shards_[i].reset(); });
  }
  shards_.clear();
}

bool MonitorProcess::start(const std::vector<multiformats::Multiaddr>& addresses) {
  listen_addrs_.clear();
  for (const auto& address : addresses) listen_addrs_.push_back(address.to_string());
  parts_.truth.begin_run(pipeline_.run_id());
  if (!pipeline_.start(*this)) return false;
  make_shards();
  for (const auto& address : addresses) {
    parts_.network.listen(address, [this] { return next_target(); });
  }
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    sim_shards_[i]->run([&] { shards_[i]->swarm().set_announced_addresses(addresses); });
  }
  for (std::size_t i = 0; i < options_.keep.size(); ++i) {
    const auto at = i % shards_.size();
    const auto& peer = options_.keep[i];
    sim_shards_[at]->run([&] { shards_[at]->swarm().keep_connected(peer.id, peer.addresses); });
  }
  schedule_export();
  schedule_sink();
  return true;
}

void MonitorProcess::make_shards() {
  std::vector<const monitor::ObservationSink*> sinks;
  for (const auto& tap : taps_) sinks.push_back(tap.get());
  long_messages_ = std::make_unique<node::LongMessages>(std::move(sinks));
  for (std::size_t i = 0; i < options_.shards; ++i) {
    auto& shard = *sim_shards_[i];
    shard.run([&] {
      shards_.push_back(std::make_unique<node::NodeShard>(
          node::NodeShard::Parts{
              .shard = shard,
              .transport = std::make_unique<SimTransport>(
                  parts_.network, shard, std::vector<std::string>{"/ip4/5.0.0.1", "/ip6/2a00::1"}),
              .sink = taps_[i].get(),
              .identity = parts_.identity,
              .security = security_,
              .directory = directory_,
              .connection_ids = connection_ids_,
              .clock = parts_.clock,
              .admission = admission_,
              .long_messages = *long_messages_,
              .log = {},
              .privacy = options_.privacy,
          },
          options_.swarm, options_.bitswap));
      shards_.back()->serve(options_.blocks);
    });
  }
}

void MonitorProcess::fall_silent() {
  for (const auto& address : listen_addrs_) {
    parts_.network.silence(multiformats::Multiaddr::from_string(address).value());
  }
}

/// Once in a life, at its end.
void MonitorProcess::count_excluded() {
  for (const auto& shard : shards_) {
    parts_.truth.count_excluded(shard->capture_counters()->excluded_messages.value());
  }
}

SimNetwork::Target MonitorProcess::next_target() {
  const auto i = next_shard_++ % shards_.size();
  return {sim_shards_[i].get(),
          [swarm = &shards_[i]->swarm(), alive = alive_](libp2p::RawConnectionPtr raw) {
            if (*alive) swarm->accept(std::move(raw));
          }};
}

base::SteadyTime MonitorProcess::next_turn() {
  const auto longest = static_cast<std::uint64_t>(options_.longest_turn.count());
  const auto turn = parts_.scheduler.now() + milliseconds(1 + random_.below(longest));
  return std::max(turn, held_until_);
}

void MonitorProcess::schedule_export() {
  parts_.scheduler.at(next_turn(), [this, alive = alive_] {
    if (!*alive) return;
    const OwnerScope scope(Owner::monitor);
    while (pipeline_.run(parts_.scheduler.now(), false).more) {
    }
    schedule_export();
  });
}

void MonitorProcess::schedule_sink() {
  parts_.scheduler.at(next_turn(), [this, alive = alive_] {
    if (!*alive) return;
    const OwnerScope scope(Owner::monitor);
    auto& stage = sink_->stage;
    for (int i = 0; i < kStepsPerTurn; ++i) {
      const bool more = stage.queue().bytes() > 0;
      if (stage.step(milliseconds(0)) != exporter::TraceStage::Progress::working || !more) break;
    }
    schedule_sink();
  });
}

bool MonitorProcess::swarms_stopped() const {
  return std::ranges::all_of(shards_, [](const auto& s) { return s->swarm().stopped(); });
}

void MonitorProcess::stop() {
  auto& scheduler = parts_.scheduler;
  fall_silent();
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    sim_shards_[i]->run([&] {
      shards_[i]->asker().stop();
      shards_[i]->swarm().stop(libp2p::ConnectionCode::shutdown);
    });
  }
  const auto deadline = scheduler.now() + kStopPatience;
  while (!swarms_stopped() && scheduler.now() < deadline) {
    scheduler.run_until(scheduler.now() + milliseconds(5));
  }
  *alive_ = false;
  count_excluded();
  const OwnerScope scope(Owner::monitor);
  while (pipeline_.run(scheduler.now(), true).more) {
  }
  pipeline_.flush();
  auto& stage = sink_->stage;
  stage.queue().close();
  while (stage.step(milliseconds(0)) != exporter::TraceStage::Progress::ended) {
  }
  stage.end();
}

void MonitorProcess::crash(bool power) {
  *alive_ = false;
  fall_silent();
  count_excluded();
  parts_.truth.run().crashed_at = parts_.scheduler.now();
  if (!power) return;
  for (const auto& socket : parts_.network.open_sockets()) {
    const auto here = [&](const auto& shard) { return shard.get() == &socket->shard(); };
    if (std::ranges::any_of(sim_shards_, here)) socket->vanish();
  }
}

std::size_t MonitorProcess::armed_timers() const {
  std::size_t armed = 0;
  for (const auto& shard : sim_shards_) armed += shard->timers().armed_count();
  return armed;
}

void MonitorProcess::check_no_connections(std::size_t timers_before) {
  auto& truth = parts_.truth;
  for (const auto& shard : shards_) {
    const auto& counters = shard->swarm_counters();
    const auto left = shard->swarm().connections().size();
    if (left != 0) truth.fault("{} connections are left", left);
    if (counters.connections_inbound.value() + counters.connections_outbound.value() != left) {
      truth.fault("the gauges of connections say {} and {}", counters.connections_inbound.value(),
                  counters.connections_outbound.value());
    }
    if (counters.handshakes.value() != 0) {
      truth.fault("{} handshakes are left", counters.handshakes.value());
    }
    if (const auto wants = shard->bitswap_counters().live_wants.value(); wants != 0) {
      truth.fault("{} live wants are left", wants);
    }
  }
  if (directory_.peer_count() != 0) {
    truth.fault("{} peers are left in the directory", directory_.peer_count());
  }
  if (admission_.size() != 0 || admission_.remembered() != 0) {
    truth.fault("{} places are taken, {} addresses remembered", admission_.size(),
                admission_.remembered());
  }
  if (armed_timers() > timers_before) {
    truth.fault("{} timers are armed, {} were before", armed_timers(), timers_before);
  }
  const auto statistics = pipeline_.statistics();
  if (statistics.queued != 0) truth.fault("{} facts are left in the queues", statistics.queued);
}

void MonitorProcess::check_accounts() {
  const auto before = pipeline_.statistics().lost;
  const auto sink = sink_->statistics();
  for (const auto kind : {monitor::EventKind::bitswap_message, monitor::EventKind::connection_event,
                          monitor::EventKind::identify_event, monitor::EventKind::bitswap_sent}) {
    const auto k = static_cast<std::size_t>(kind);
    std::uint64_t lost = 0;
    for (const auto count : before[k]) lost += count;
    for (const auto count : sink.lost[k]) lost += count;
    const auto heard = parts_.truth.run().count[k];
    if (sink.written[k] + lost != heard) {
      parts_.truth.fault("of {} events of kind {} are {} in the trace and {} lost", heard,
                         to_string(kind), sink.written[k], lost);
    }
  }
}

bool MonitorProcess::ask(const monitor::Ask& ask,
                         const std::shared_ptr<monitor::AskListener>& listener) {
  const OwnerScope scope(Owner::monitor);
  const auto plan = std::make_shared<monitor::AskPlan>(
      ask, listener, node::askable_connections(directory_, *options_.privacy, ask.filter),
      shards_.size());
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    sim_shards_[i]->run([&] { shards_[i]->asker().start(plan); });
  }
  return true;
}

monitor::HostStatistics MonitorProcess::statistics() {
  monitor::HostStatistics sum;
  for (const auto& shard : shards_) {
    sum.connections_inbound += shard->swarm_counters().connections_inbound.value();
    sum.connections_outbound += shard->swarm_counters().connections_outbound.value();
    sum.messages_total += shard->bitswap_counters().messages.value();
    for (const auto& [name, value] : shard->swarm_counters().list()) sum.counters[name] += value;
  }
  return sum;
}

}  // namespace mexport::sim
