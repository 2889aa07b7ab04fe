// SPDX-License-Identifier: MIT
#include "export/amqp/amqp_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mexport::exporter::amqp {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// While nothing happens. What is submitted ends the wait; heartbeats need one now and then.
constexpr milliseconds kIdle{100};
/// While something is about to: a connection is made, a pause ends.
constexpr milliseconds kSoon{10};
/// While confirms are awaited.
constexpr milliseconds kInFlight{2};
constexpr milliseconds kSnapshotInterval{100};
constexpr seconds kLossReportInterval{60};
/// Of gap events while events get lost steadily, as when nobody is bound.
constexpr seconds kGapInterval{10};
/// Publishings before confirms are read again.
constexpr int kMaxPublishings = 64;

}  // namespace

AmqpWorker::AmqpWorker(AmqpOptions options, std::unique_ptr<BodyStore> store,
                       const base::Clock& clock, base::Random& random, base::Logger logger)
    : options_(std::move(options)),
      clock_(clock),
      logger_(std::move(logger)),
      store_(std::move(store)),
      queue_(options_.queue_bytes),
      delivery_(options_.delivery, *store_),
      random_(random.next()),
      attempts_(options_.brokers.size(), options_.pauses, random_) {}

void AmqpWorker::begin(const SinkContext& context) {
  context_ = &context;
  run_id_ = context.run_info().run_id;
  maker_.emplace(options_.fields, options_.monitor_name, run_id_, options_.kinds);
  for (const auto& [key, waiting] : store_->by_routing_key()) {
    if (waiting.batches == 0) continue;
    logger_.info("{} batches with {} events wait in the spool for {}", waiting.batches,
                 waiting.events, key);
  }
  take_snapshot(true);
}

bool AmqpWorker::step() {
  take();
  keep_link();
  keep_store();
  publish();
  read();
  take_snapshot(false);
  tell_losses();
  tell_gaps();
  return more_to_send();
}

milliseconds AmqpWorker::patience() const {
  if (!link_) return connector_.running() ? kSoon : kIdle;
  if (delivery_.in_flight() > 0) return milliseconds(0);  // read() waits
  return delivery_.has_waiting() ? kSoon : kIdle;
}

bool AmqpWorker::publishes(monitor::EventKind kind) const {
  return std::ranges::find(options_.kinds, kind) != options_.kinds.end();
}

void AmqpWorker::take() {
  if (delivery_.full()) return;
  const auto item = queue_.pop(patience());
  if (!item) return;
  for (const auto& range : item->lost.ranges()) {
    if (publishes(range.kind)) delivery_.gaps().add(range, run_id_);
  }
  if (item->batch) add(item->batch);
}

void AmqpWorker::add(const BatchPtr& batch) {
  made_.clear();
  maker_->add(*with_text(batch), clock_.wall_now(), made_);
  for (auto& body : made_) delivery_.add(std::move(body), clock_.now());
}

void AmqpWorker::keep_link() {
  if (link_) return;
  if (auto outcome = connector_.take()) {
    if (*outcome) {
      connected(std::move(**outcome));
    } else {
      connection_failed(outcome->error());
    }
    return;
  }
  if (connector_.running() || !attempts_.due(clock_.now()) || queue_.closed()) return;
  connector_.start(options_.brokers[attempts_.broker()], options_.link);
}

std::string AmqpWorker::broker() const {
  return options_.brokers[attempts_.broker()].to_string();
}

void AmqpWorker::set_link(std::unique_ptr<Link> link) {
  const std::lock_guard lock(link_mutex_);
  link_ = std::move(link);
  if (link_ && aborted_) link_->abort();
}

void AmqpWorker::abort() {
  const std::lock_guard lock(link_mutex_);
  aborted_ = true;
  if (link_) link_->abort();
}

void AmqpWorker::connected(std::unique_ptr<Link> link) {
  set_link(std::move(link));
  linked_at_ = clock_.now();
  blocked_ = false;
  last_error_.clear();
  told_error_.clear();
  ++connections_;
  delivery_.connected(linked_at_);
  logger_.info("connected to {}", broker());
  take_snapshot(true);
}

void AmqpWorker::connection_failed(const LinkError& error) {
  ++errors_;
  last_error_ = error.what;
  // Each reason is told once, until there is a connection.
  const auto text = fmt::format("{}: {}", broker(), error.what);
  if (text == told_error_) {
    logger_.debug("{}", text);
  } else {
    logger_.warn("no connection to {}; trying again", text);
    told_error_ = text;
  }
  const auto now = clock_.now();
  delivery_.disconnected(now);
  attempts_.failed(now);
  take_snapshot(true);
}

void AmqpWorker::lost_link(const LinkError& error) {
  ++errors_;
  last_error_ = error.what;
  logger_.warn("lost the connection to {}: {}", broker(), error.what);
  set_link(nullptr);
  blocked_ = false;
  const auto now = clock_.now();
  delivery_.disconnected(now);
  attempts_.lost(linked_at_, now);
  take_snapshot(true);
}

void AmqpWorker::publish() {
  for (int i = 0; link_ && i < kMaxPublishings; ++i) {
    const auto* outgoing = delivery_.next(clock_.now());
    if (outgoing == nullptr || !link_->writable(outgoing->body.body.size())) return;
    const auto tag = link_->publish(*outgoing);
    if (!tag) {
      lost_link(tag.error());
      return;
    }
    delivery_.sent(*tag, clock_.now());
  }
}

void AmqpWorker::read() {
  if (!link_) return;
  const bool in_flight = delivery_.in_flight() > 0;
  const bool wait = in_flight && queue_.bytes() == 0;
  if (auto done = link_->poll(wait ? kInFlight : milliseconds(0), *this); !done) {
    lost_link(done.error());
  }
  if (in_flight && delivery_.in_flight() == 0) snapshot_due_ = {};  // a pause: tell it at once
}

void AmqpWorker::on_ack(std::uint64_t tag, bool multiple) {
  delivery_.acknowledged(tag, multiple, clock_.now());
}

void AmqpWorker::on_nack(std::uint64_t tag, bool multiple) {
  delivery_.refused(tag, multiple, clock_.now());
}

void AmqpWorker::on_return(std::string_view routing_key, std::string_view run_id,
                           std::uint64_t first) {
  delivery_.returned(routing_key, run_id, first);
}

void AmqpWorker::on_blocked(bool blocked, std::string_view reason) {
  blocked_ = blocked;
  delivery_.set_blocked(blocked);
  if (blocked) {
    logger_.warn("{} takes nothing for the time being: {}", broker(), reason);
  } else {
    logger_.info("{} takes publishings again", broker());
  }
  take_snapshot(true);
}

void AmqpWorker::keep_store() {
  const auto status = delivery_.upkeep(clock_.now());
  if (!status) {
    ++errors_;
    if (!std::exchange(store_failing_, true)) {
      logger_.error("the spool fails: {}; trying again each second", status.error().message());
    }
  } else if (store_failing_ && !delivery_.store_failing()) {
    store_failing_ = false;
    logger_.info("the spool is being written again");
  }
}

/// At the end: whether there is something that may still be sent at once.
bool AmqpWorker::more_to_send() {
  if (!queue_.closed() || queue_.bytes() > 0) return true;
  if (!link_) return false;
  return delivery_.in_flight() > 0 || delivery_.next(clock_.now()) != nullptr;
}

void AmqpWorker::end(milliseconds patience) {
  while (auto item = queue_.pop(milliseconds(0))) {
    if (item->batch) add(item->batch);
  }
  const auto stored = delivery_.store_all(clock_.now());
  if (!stored) logger_.error("the spool fails: {}", stored.error().message());
  if (link_) link_->close(patience);
  set_link(nullptr);
  delivery_.give_up(stored ? monitor::LossReason::stopped : monitor::LossReason::disk_error);
  losses_due_ = {};
  tell_losses();
  take_snapshot(true);
}

void AmqpWorker::tell_losses() {
  const auto now = clock_.now();
  if (now < losses_due_) return;
  losses_due_ = now + kLossReportInterval;
  const auto& lost = delivery_.counters().lost;
  for (std::size_t reason = 0; reason < monitor::kLossReasons; ++reason) {
    std::uint64_t events = 0;
    for (std::size_t kind = 0; kind < monitor::kEventKinds; ++kind) {
      events += lost[kind][reason] - told_losses_[kind][reason];
    }
    if (events == 0) continue;
    logger_.warn("{} events were not delivered to {}: {}", events, broker(),
                 to_string(static_cast<monitor::LossReason>(reason)));
  }
  told_losses_ = lost;
}

void AmqpWorker::tell_gaps() {
  const auto now = clock_.now();
  auto& gaps = delivery_.gaps();
  if (gaps.size() == 0 || (now < gaps_due_ && gaps.size() < GapLog::kMany)) return;
  gaps_due_ = now + kGapInterval;
  context_->tell_gaps(options_.name, gaps.take());
}

void AmqpWorker::take_snapshot(bool now) {
  const auto time = clock_.now();
  if (!now && time < snapshot_due_) return;
  snapshot_due_ = time + kSnapshotInterval;
  Snapshot snapshot{.counters = delivery_.counters(),
                    .state = {},
                    .oldest = delivery_.oldest_made(),
                    .errors = errors_,
                    .connections = connections_};
  auto& state = snapshot.state;
  state.connected = link_ != nullptr;
  state.blocked = blocked_;
  state.server = broker();
  state.last_error = last_error_;
  state.batches_in_flight = delivery_.in_flight();
  for (const auto& [key, waiting] : store_->by_routing_key()) {
    state.spooled_batches += waiting.batches;
    state.spooled_bytes += waiting.bytes;
    if (waiting.oldest && (!snapshot.oldest || *waiting.oldest < *snapshot.oldest)) {
      snapshot.oldest = waiting.oldest;
    }
  }
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = std::move(snapshot);
}

SinkStatistics AmqpWorker::statistics() const {
  Snapshot snapshot;
  {
    const std::lock_guard lock(snapshot_mutex_);
    snapshot = snapshot_;
  }
  const auto& counters = snapshot.counters;
  SinkStatistics statistics{.written = counters.events,
                            .lost = counters.lost,
                            .bytes_out = counters.bytes,
                            .errors = snapshot.errors,
                            .queued_bytes = queue_.bytes()};
  const auto dropped = queue_.lost();
  for (std::size_t kind = 0; kind < monitor::kEventKinds; ++kind) {
    if (!publishes(static_cast<monitor::EventKind>(kind))) continue;
    for (std::size_t reason = 0; reason < monitor::kLossReasons; ++reason) {
      statistics.lost[kind][reason] += dropped[kind][reason];
    }
  }
  auto& state = snapshot.state;
  state.batches_confirmed = counters.confirmed;
  state.batches_returned = counters.returned;
  state.batches_refused = counters.refused;
  state.uncompressed_bytes = counters.uncompressed;
  state.latency = counters.latency;
  state.batch_events = counters.batch_events;
  if (snapshot.oldest) {
    state.lag = std::max(std::chrono::nanoseconds(0), clock_.wall_now() - *snapshot.oldest);
  }
  const auto add = [&](std::string_view what, std::uint64_t count) {
    statistics.counters[fmt::format("{}_{}", options_.name, what)] = count;
  };
  add("connections", snapshot.connections);
  add("errors", snapshot.errors);
  add("batches_published", counters.published);
  add("batches_republished", counters.republished);
  add("batches_confirmed", counters.confirmed);
  add("batches_returned", counters.returned);
  add("batches_refused", counters.refused);
  add("batches_spooled", counters.stored);
  for (std::size_t reason = 0; reason < monitor::kLossReasons; ++reason) {
    std::uint64_t events = 0;
    for (const auto& kind : statistics.lost) events += kind[reason];
    if (events > 0) {
      add(fmt::format("lost_{}", to_string(static_cast<monitor::LossReason>(reason))), events);
    }
  }
  statistics.delivery = std::move(state);
  return statistics;
}

}  // namespace mexport::exporter::amqp
