// SPDX-License-Identifier: MIT
#include "export/amqp/delivery.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mexport::exporter::amqp {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Live bodies that nobody keeps are noted so often: how far the last run got is known from it.
constexpr milliseconds kCursorInterval{1000};
/// Cursors of what is stored, which goes with them.
constexpr milliseconds kReplayCursorInterval{100};
constexpr seconds kStoreRetryInterval{1};
/// More than this that is not stored goes at once.
constexpr std::size_t kStoreBytes = 1 << 20;
constexpr std::uint32_t kReplayBurst = 20;
constexpr std::size_t kLoadBytes = 4 << 20;

}  // namespace

Delivery::Delivery(Options options, BodyStore& store) : options_(options), store_(store) {
  for (const auto& [key, waiting] : store_.by_routing_key()) {
    if (waiting.batches == 0) continue;
    flow_of(key);
    outage_ = true;
  }
}

Flow& Delivery::flow_of(const std::string& routing_key) {
  const auto found = flows_.find(routing_key);
  if (found != flows_.end()) return found->second;
  const auto sums = store_.by_routing_key();
  const auto waiting = sums.find(routing_key);
  const auto backlog = waiting == sums.end() ? 0 : waiting->second.batches;
  const Flow::Limits limits{.bodies = options_.window_bodies, .bytes = options_.window_bytes};
  return flows_.try_emplace(routing_key, routing_key, limits, backlog, store_.cursor(routing_key))
      .first->second;
}

void Delivery::add(SpooledBody body, base::SteadyTime now) {
  measure_live(now);
  ++live_bodies_;
  auto& flow = flow_of(body.routing_key);
  flow.add(std::move(body), now);
}

void Delivery::measure_live(base::SteadyTime now) {
  const auto elapsed = now - live_since_;
  if (elapsed < seconds(1)) return;
  const auto rate =
      static_cast<double>(live_bodies_) / std::chrono::duration<double>(elapsed).count();
  live_rate_ = elapsed > seconds(10) ? rate : 0.7 * live_rate_ + 0.3 * rate;
  live_bodies_ = 0;
  live_since_ = now;
}

base::Rate Delivery::replay_rate() const {
  const double rate = std::max({options_.replay_rate, 2 * live_rate_, 1.0});
  return {.interval = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate)),
          .burst = kReplayBurst};
}

void Delivery::connected(base::SteadyTime now) {
  connected_ = true;
  blocked_ = false;
  if (!std::exchange(outage_, false)) return;
  for (auto& [key, flow] : flows_) {
    flow.hold_until = now + options_.hold_outage;
    flow.probing = true;
    flow.not_before = now;
  }
}

void Delivery::disconnected(base::SteadyTime) {
  connected_ = false;
  blocked_ = false;
  outage_ = true;
  offered_ = nullptr;
  for (auto& [key, flow] : flows_) {
    for (auto& outgoing : flow.front()) {
      if (!outgoing.in_flight) continue;
      land(outgoing, flow);
      outgoing.returned = false;
      outgoing.replayed = true;
      if (outgoing.evicted) lose(flow, outgoing, monitor::LossReason::spool_full);
    }
    flow.settle();
  }
}

void Delivery::land(Outgoing& outgoing, Flow& flow) {
  outgoing.in_flight = false;
  --flow.in_flight;
  --in_flight_;
  in_flight_bytes_ -= outgoing.body.body.size();
}

bool Delivery::may_send(Flow& flow, base::SteadyTime now) {
  if (flow.probing && flow.in_flight > 0) return false;
  return now >= flow.not_before && flow.next_waiting() != nullptr;
}

Flow* Delivery::next_flow(base::SteadyTime now) {
  auto flow = flows_.upper_bound(last_flow_);
  for (std::size_t i = 0; i < flows_.size(); ++i, ++flow) {
    if (flow == flows_.end()) flow = flows_.begin();
    if (may_send(flow->second, now)) return &flow->second;
  }
  return nullptr;
}

const Outgoing* Delivery::next(base::SteadyTime now) {
  offered_ = nullptr;
  if (!connected_ || blocked_) return nullptr;
  if (in_flight_ >= options_.window_bodies || in_flight_bytes_ >= options_.window_bytes) {
    return nullptr;
  }
  offered_flow_ = next_flow(now);
  if (offered_flow_ == nullptr) return nullptr;
  auto* outgoing = offered_flow_->next_waiting();
  if (outgoing->replayed && !replay_paid_) {
    replay_paid_ = replay_limit_.take(replay_rate(), now);
    if (!replay_paid_) return nullptr;
  }
  offered_ = outgoing;
  return offered_;
}

void Delivery::sent(std::uint64_t tag, base::SteadyTime now) {
  if (offered_ == nullptr) return;
  auto& outgoing = *std::exchange(offered_, nullptr);
  const bool first = outgoing.first_sent == base::SteadyTime{};
  if (first) {
    outgoing.first_sent = now;
    counters_.batch_events.add(outgoing.body.events);
  } else {
    ++counters_.republished;
  }
  if (outgoing.replayed) replay_paid_ = false;
  outgoing.tag = tag;
  outgoing.in_flight = true;
  ++offered_flow_->in_flight;
  ++in_flight_;
  in_flight_bytes_ += outgoing.body.body.size();
  last_flow_ = offered_flow_->routing_key();
  ++counters_.published;
  counters_.bytes += outgoing.body.body.size();
  counters_.uncompressed += outgoing.body.uncompressed;
}

void Delivery::returned(std::string_view routing_key, std::string_view run_id,
                        std::uint64_t first) {
  ++counters_.returned;
  const auto flow = flows_.find(routing_key);
  if (flow == flows_.end()) return;
  for (auto& outgoing : flow->second.front()) {
    if (!outgoing.in_flight || outgoing.returned) continue;
    if (outgoing.body.first != first || outgoing.body.run_id != run_id) continue;
    outgoing.returned = true;
    return;
  }
}

void Delivery::acknowledged(std::uint64_t tag, bool multiple, base::SteadyTime now) {
  resolve(tag, multiple, Verdict::taken, now);
}

void Delivery::refused(std::uint64_t tag, bool multiple, base::SteadyTime now) {
  resolve(tag, multiple, Verdict::refused, now);
}

void Delivery::resolve(std::uint64_t tag, bool multiple, Verdict verdict, base::SteadyTime now) {
  offered_ = nullptr;
  for (auto& [key, flow] : flows_) {
    for (auto& outgoing : flow.front()) {
      if (!outgoing.in_flight) continue;
      if (outgoing.tag == tag || (multiple && outgoing.tag < tag)) {
        resolve(flow, outgoing, verdict, now);
      }
    }
    flow.settle();
  }
}

void Delivery::resolve(Flow& flow, Outgoing& outgoing, Verdict verdict, base::SteadyTime now) {
  land(outgoing, flow);
  const bool returned = std::exchange(outgoing.returned, false);
  if (verdict == Verdict::refused) {
    refuse(flow, outgoing, now);
  } else if (returned) {
    hold(flow, outgoing, now);
  } else {
    deliver(flow, outgoing, now);
  }
}

void Delivery::deliver(Flow& flow, Outgoing& outgoing, base::SteadyTime now) {
  outgoing.done = true;
  flow.probing = false;
  flow.hold_spent = false;
  flow.hold_excess = 0;
  flow.refused_since.reset();
  ++counters_.confirmed;
  counters_.events[static_cast<std::size_t>(outgoing.body.kind)] += outgoing.body.events;
  counters_.latency.add(now - outgoing.first_sent);
}

/// No queue is bound for it.
void Delivery::hold(Flow& flow, Outgoing& outgoing, base::SteadyTime now) {
  const bool holding = flow.hold_until && now < *flow.hold_until;
  if (!holding && options_.hold_live.count() > 0 && !std::exchange(flow.hold_spent, true)) {
    flow.hold_until = now + options_.hold_live;
  }
  const auto size = outgoing.body.body.size();
  if (flow.hold_until && now < *flow.hold_until && flow.hold_excess == 0) {
    try_again(flow, outgoing, now);
    return;
  }
  flow.hold_excess -= std::min<std::uint64_t>(flow.hold_excess, size);
  flow.probing = false;
  flow.refused_since.reset();
  lose(flow, outgoing, monitor::LossReason::unrouted);
}

/// The broker would not take it: a queue is full, or it has an error of its own.
void Delivery::refuse(Flow& flow, Outgoing& outgoing, base::SteadyTime now) {
  ++counters_.refused;
  if (!flow.refused_since) flow.refused_since = now;
  if (now - *flow.refused_since < options_.hold_outage) {
    try_again(flow, outgoing, now);
    return;
  }
  lose(flow, outgoing, monitor::LossReason::refused);
}

void Delivery::try_again(Flow& flow, Outgoing& outgoing, base::SteadyTime now) {
  outgoing.replayed = true;
  flow.probing = true;
  if (outgoing.evicted) lose(flow, outgoing, monitor::LossReason::spool_full);
  flow.not_before = now + options_.retry_interval;
}

void Delivery::lose(Flow& flow, Outgoing& outgoing, monitor::LossReason reason) {
  count_lost(outgoing.body, reason);
  flow.drop(outgoing);
}

void Delivery::count_lost(const SpooledBody& body, monitor::LossReason reason) {
  counters_.lost[static_cast<std::size_t>(body.kind)][static_cast<std::size_t>(reason)] +=
      body.events;
  gaps_.add({.kind = body.kind, .reason = reason, .from = body.first, .to = body.last},
            body.run_id);
}

base::Status Delivery::upkeep(base::SteadyTime now) {
  offered_ = nullptr;
  base::Status status;
  if (now >= store_retry_ && store_due(now)) {
    status = store_all(now);
    store_failing_ = !status;
    if (!status) store_retry_ = now + kStoreRetryInterval;
  }
  // A disk that is full can still be read.
  if (now >= load_retry_) {
    auto passed = pass_cursors(now, false);
    if (passed) passed = load(now);
    if (passed) measure_held();
    if (!passed) {
      load_retry_ = now + kStoreRetryInterval;
      if (status) status = passed;
    }
  }
  return status;
}

bool Delivery::store_due(base::SteadyTime now) const {
  return std::ranges::any_of(flows_, [&](const auto& item) {
    const auto since = item.second.unstored_since();
    return since &&
           (now - *since >= options_.store_after || item.second.pending_bytes() >= kStoreBytes);
  });
}

base::Status Delivery::store_all(base::SteadyTime now) {
  offered_ = nullptr;
  for (auto& [key, flow] : flows_) {
    auto bodies = flow.take_unstored();
    if (bodies.empty()) continue;
    const auto count = bodies.size();
    auto gone = store_.append(bodies);
    flow.stored(std::move(bodies), gone.has_value(), now);
    if (!gone) return base::fail(gone.error());
    counters_.stored += count;
    for (const auto& body : *gone) {
      if (flow_of(body.routing_key).evict(body)) {
        count_lost(body, monitor::LossReason::spool_full);
      }
    }
  }
  for (auto& [key, flow] : flows_) flow.settle();
  return {};
}

base::Status Delivery::pass_cursors(base::SteadyTime now, bool all) {
  const bool replaying =
      std::ranges::any_of(flows_, [](const auto& item) { return item.second.backlog() > 0; });
  if (!all && now < cursors_due_) return {};
  cursors_due_ = now + (replaying ? kReplayCursorInterval : kCursorInterval);
  for (auto& [key, flow] : flows_) {
    const auto cursor = flow.take_cursor();
    if (!cursor) continue;
    if (auto passed = store_.pass(key, *cursor); !passed) return passed;
  }
  return {};
}

/// While there is no link the disk keeps what it has, so that nothing is read that has to go.
base::Status Delivery::load(base::SteadyTime now) {
  if (!connected_) return {};
  for (auto& [key, flow] : flows_) {
    while (flow.wants_load()) {
      auto bodies = store_.oldest(key, flow.loaded_id(), flow.room(), kLoadBytes);
      if (!bodies) return base::fail(bodies.error());
      if (bodies->empty()) {
        flow.no_backlog();
        break;
      }
      for (const auto& body : *bodies) {
        if (body.body.empty()) count_lost(body, monitor::LossReason::disk_error);
      }
      flow.load(std::move(*bodies), now);
    }
  }
  return {};
}

/// While the store knows how far each flow is; what was given up since counts as held there.
void Delivery::measure_held() {
  if (std::ranges::none_of(flows_, [](const auto& item) { return item.second.probing; })) return;
  const auto stored = store_.by_routing_key();
  for (auto& [key, flow] : flows_) {
    if (!flow.hold_until || flow.cursor_moved()) continue;
    auto held = flow.pending_bytes();
    for (const auto& outgoing : flow.front()) {
      if (!outgoing.stored()) held += outgoing.body.body.size();
    }
    if (const auto found = stored.find(key); found != stored.end()) held += found->second.bytes;
    flow.hold_excess = held - std::min<std::uint64_t>(held, options_.hold_bytes);
  }
}

void Delivery::give_up(monitor::LossReason reason) {
  offered_ = nullptr;
  (void)pass_cursors({}, true);  // what fails here is sent again by the next run
  for (auto& [key, flow] : flows_) {
    for (auto& outgoing : flow.front()) {
      if (outgoing.in_flight) land(outgoing, flow);
      if (outgoing.done) continue;
      const bool kept = outgoing.stored() && !outgoing.evicted && store_.durable();
      if (!kept) {
        count_lost(outgoing.body, outgoing.evicted ? monitor::LossReason::spool_full : reason);
      }
      outgoing.done = true;
    }
    for (const auto& body : flow.forget_pending()) count_lost(body, reason);
    if (!store_.durable()) give_up_backlog(flow, reason);
  }
}

void Delivery::give_up_backlog(Flow& flow, monitor::LossReason reason) {
  const auto bodies =
      store_.oldest(flow.routing_key(), flow.loaded_id(), std::numeric_limits<std::size_t>::max(),
                    std::numeric_limits<std::size_t>::max());
  if (!bodies) return;
  for (const auto& body : *bodies) count_lost(body, reason);
  flow.no_backlog();
}

bool Delivery::idle() const {
  return std::ranges::all_of(flows_, [](const auto& item) { return item.second.idle(); });
}

bool Delivery::has_waiting() const {
  return std::ranges::any_of(flows_, [](const auto& item) {
    const Flow& flow = item.second;
    return flow.backlog() > 0 || flow.pending_bytes() > 0 ||
           std::ranges::any_of(flow.front(), &Outgoing::waiting);
  });
}

std::optional<base::WallTime> Delivery::oldest_made() const {
  std::optional<base::WallTime> oldest;
  for (const auto& [key, flow] : flows_) {
    const auto made = flow.oldest_made();
    if (made && (!oldest || *made < *oldest)) oldest = made;
  }
  return oldest;
}

std::size_t Delivery::pending_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [key, flow] : flows_) bytes += flow.pending_bytes();
  return bytes;
}

}  // namespace mexport::exporter::amqp
