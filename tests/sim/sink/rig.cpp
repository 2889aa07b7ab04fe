// SPDX-License-Identifier: MIT
#include "tests/sim/sink/rig.hpp"

#include "export/amqp/memory_store.hpp"
#include "export/amqp/spool_store.hpp"

#include <fmt/format.h>

#include <utility>

namespace mexport::sim::sink {

using monitor::EventKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr auto kMessages = "monitor.sim.bitswap_messages";
constexpr auto kConnections = "monitor.sim.conn_events";
constexpr int kMaxPublishings = 64;
/// What a kill may lose.
constexpr milliseconds kUnsafe{500};
/// By then more has been delivered or given up, when nothing goes wrong any more.
constexpr std::chrono::minutes kPatience{10};

std::uint64_t sum(const monitor::LossTable& table) {
  std::uint64_t events = 0;
  for (const auto& kind : table) {
    for (const auto count : kind) events += count;
  }
  return events;
}

}  // namespace

Rig::Rig(std::uint64_t seed, const std::string& directory)
    : plan_(Plan::of(seed)), directory_(directory), random_(seed) {
  broker_.slowest = plan_.slowest;
  if (!plan_.on_disk) store_ = std::make_unique<Store>(open_store(), ledger_);
}

std::unique_ptr<exporter::amqp::BodyStore> Rig::open_store() const {
  if (!plan_.on_disk) return std::make_unique<exporter::amqp::MemoryStore>(plan_.store_bytes);
  const exporter::Spool::Options options{
      .max_bytes = plan_.store_bytes, .min_free_bytes = 0, .survive_power_loss = false};
  auto store = exporter::amqp::SpoolStore::open(directory_ + "/spool", options, {});
  if (!store) return nullptr;
  return std::move(*store);
}

void Rig::begin_process() {
  run_id_ = fmt::format("run-{}", ++process_);
  messages_ = connections_ = counted_losses_ = 0;
  if (plan_.on_disk) store_ = std::make_unique<Store>(open_store(), ledger_);
  attempts_.emplace(1, plan_.pauses, random_);
  delivery_.emplace(plan_.delivery, *store_);
  noticed_ = true;
}

/// As SIGKILL: what the store has is all that is left.
void Rig::kill() {
  take_gaps();
  const auto safe = now_ - kUnsafe;
  // What came while the disk took nothing, and just after, is in memory alone.
  const bool unsafe = disk_failed_at_ != base::SteadyTime{};
  ledger_.killed(unsafe ? std::min(safe, disk_failed_at_ - kUnsafe) : safe, process_);
  disk_failed_at_ = store_->failing ? now_ : base::SteadyTime{};
  queue_.clear();
  delivery_.reset();
  broker_.cut();
  if (plan_.on_disk) store_.reset();
  begin_process();
}

void Rig::stop() {
  for (const auto until = now_ + seconds(1); now_ < until && delivery_->in_flight() > 0;) {
    pass_time();
    broker_.step(now_, *this);
  }
  for (auto& body : queue_) delivery_->add(std::move(body), now_);
  queue_.clear();
  const auto stored = delivery_->store_all(now_);
  delivery_->give_up(stored ? monitor::LossReason::stopped : monitor::LossReason::disk_error);
  take_gaps();
  delivery_.reset();
  broker_.cut();
  if (plan_.on_disk) store_.reset();
  begin_process();
}

void Rig::make_body(bool message) {
  auto& sequence = message ? messages_ : connections_;
  exporter::SpooledBody body;
  body.routing_key = message ? kMessages : kConnections;
  body.kind = message ? EventKind::bitswap_message : EventKind::connection_event;
  body.run_id = run_id_;
  body.events = static_cast<std::uint32_t>(1 + random_.below(20));
  body.first = sequence + 1;
  body.last = sequence += body.events;
  body.body.resize(20 + random_.below(300));
  for (auto& byte : body.body) byte = static_cast<std::uint8_t>(random_.next());
  ledger_.made(body, now_);
  queue_.push_back(std::move(body));
}

void Rig::make_bodies() {
  for (; owed_bodies_ >= 1; owed_bodies_ -= 1) make_body(random_.below(3) > 0);
  while (!queue_.empty() && !delivery_->full()) {
    delivery_->add(std::move(queue_.front()), now_);
    queue_.pop_front();
  }
}

void Rig::pass_time() {
  now_ += milliseconds(1 + random_.below(20));
}

void Rig::step() {
  const auto before = now_;
  pass_time();
  owed_bodies_ += static_cast<double>(plan_.bodies_per_second) *
                  std::chrono::duration<double>(now_ - before).count();
  make_bodies();
  keep_link();
  const auto kept = delivery_->upkeep(now_);
  if (!store_->failing && !delivery_->store_failing() && queue_.empty()) disk_failed_at_ = {};
  if (!kept && !store_->failing) ledger_.fault("the store fails: " + kept.error().message());
  take_gaps();
  publish();
  broker_.step(now_, *this);
  take_gaps();
}

void Rig::keep_link() {
  if (broker_.connected()) return;
  if (!std::exchange(noticed_, true)) {
    delivery_->disconnected(now_);
    attempts_->lost(linked_at_, now_);
  }
  if (!attempts_->due(now_)) return;
  if (!reachable_) {
    delivery_->disconnected(now_);
    attempts_->failed(now_);
    return;
  }
  broker_.connect(process_);
  linked_at_ = now_;
  noticed_ = false;
  delivery_->connected(now_);
}

void Rig::publish() {
  for (int i = 0; broker_.connected() && i < kMaxPublishings; ++i) {
    const auto* outgoing = delivery_->next(now_);
    if (outgoing == nullptr) return;
    const auto tag = broker_.publish(*outgoing, now_);
    delivery_->sent(tag, now_);
    if (delivery_->in_flight() > plan_.delivery.window_bodies) ledger_.fault("window exceeded");
  }
}

void Rig::take_gaps() {
  for (const auto& gap : delivery_->gaps().take()) {
    counted_losses_ += gap.range.count();
    ledger_.lost(gap, process_);
  }
  if (counted_losses_ != sum(delivery_->counters().lost)) {
    ledger_.fault("the counters of losses say something else than the gaps");
  }
}

void Rig::disconnect() {
  if (broker_.connected()) broker_.cut();
}

void Rig::schedule(milliseconds longest, std::function<void()> end) {
  const auto after = milliseconds(random_.below(static_cast<std::uint64_t>(longest.count())));
  endings_.push_back({now_ + after, std::move(end)});
}

void Rig::end_due_faults(bool all) {
  std::erase_if(endings_, [&](const Ending& ending) {
    if (!all && ending.at > now_) return false;
    ending.end();
    return true;
  });
}

void Rig::maybe_fault() {
  // A step takes about ten milliseconds.
  if (random_.below(6000) < plan_.faults_per_minute) start_fault();
}

void Rig::start_fault() {
  const auto key = random_.below(2) == 0 ? kMessages : kConnections;
  switch (random_.below(10)) {
    case 0:
    case 1:
      disconnect();
      return;
    case 2:
      disconnect();
      reachable_ = false;
      schedule(seconds(10), [this] { reachable_ = true; });
      return;
    case 3:
      broker_.hung = true;
      schedule(seconds(10), [this] { broker_.hung = false; });
      return;
    case 4:
      broker_.set_blocked(true, *this);
      schedule(seconds(10), [this] { broker_.set_blocked(false, *this); });
      return;
    case 5:
      kill();
      return;
    case 6:
      stop();
      return;
    case 7:
      if (!plan_.unbinds) return;
      broker_.unbound.insert(key);
      schedule(seconds(15), [this, key] { broker_.unbound.erase(key); });
      return;
    case 8:
      if (!plan_.refuses) return;
      broker_.refuse_percent = 1 + random_.below(100);
      schedule(seconds(10), [this] { broker_.refuse_percent = 0; });
      return;
    default:
      if (!plan_.disk_fails || store_->failing) return;
      store_->failing = true;
      if (disk_failed_at_ == base::SteadyTime{}) disk_failed_at_ = now_;
      schedule(seconds(10), [this] { store_->failing = false; });
  }
}

/// Nothing goes wrong any more: everything is delivered or given up before long.
void Rig::drain() {
  end_due_faults(true);
  plan_.bodies_per_second = 0;
  owed_bodies_ = 0;
  auto until = now_ + kPatience;
  for (std::uint64_t done = 0; now_ < until && !(queue_.empty() && delivery_->idle());) {
    step();
    const auto so_far = delivery_->counters().confirmed + counted_losses_;
    if (std::exchange(done, so_far) != so_far) until = now_ + kPatience;
  }
  if (!delivery_->idle()) ledger_.fault("nothing is delivered or given up for ten minutes");
}

Outcome Rig::run() {
  begin_process();
  for (const auto end = now_ + plan_.duration; now_ < end;) {
    step();
    end_due_faults(false);
    maybe_fault();
  }
  drain();
  ledger_.close();
  return {.bodies = ledger_.size(),
          .publishings = ledger_.publishings(),
          .duplicates = ledger_.duplicates(),
          .losses = ledger_.losses(),
          .processes = process_,
          .faults = ledger_.faults()};
}

void Rig::on_ack(std::uint64_t tag, bool multiple) {
  delivery_->acknowledged(tag, multiple, now_);
}

void Rig::on_nack(std::uint64_t tag, bool multiple) {
  delivery_->refused(tag, multiple, now_);
}

void Rig::on_return(std::string_view routing_key, std::string_view run_id, std::uint64_t first) {
  delivery_->returned(routing_key, run_id, first);
}

void Rig::on_blocked(bool blocked, std::string_view) {
  delivery_->set_blocked(blocked);
}

}  // namespace mexport::sim::sink
