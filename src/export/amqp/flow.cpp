// SPDX-License-Identifier: MIT
#include "export/amqp/flow.hpp"

#include <utility>

namespace mexport::exporter::amqp {
namespace {

/// Of so many runs it is remembered until it is told what was given up.
constexpr std::size_t kMaxDroppedRuns = 16;

/// False when the two are of different runs.
bool widen(MissingRange& range, const MissingRange& more) {
  if (range.run_id != more.run_id) return false;
  range.from = std::min(range.from, more.from);
  range.to = std::max(range.to, more.to);
  return true;
}

bool merge(std::optional<MissingRange>& range, const MissingRange& more) {
  if (range) return widen(*range, more);
  range = more;
  return true;
}

}  // namespace

Flow::Flow(std::string routing_key, Limits limits, std::uint64_t backlog,
           std::optional<SpoolCursor> cursor)
    : routing_key_(std::move(routing_key)), limits_(limits), backlog_(backlog) {
  if (!cursor) return;
  loaded_id_ = cursor->id;
  entered_ = *cursor;
  cursor_ = *cursor;
}

void Flow::add(SpooledBody body, base::SteadyTime now) {
  pending_bytes_ += body.body.size();
  pending_.push_back({std::move(body), now});
  admit_pending();
}

void Flow::admit_pending() {
  while (backlog_ == 0 && !pending_.empty() && has_room()) {
    auto [body, added] = std::move(pending_.front());
    pending_.pop_front();
    pending_bytes_ -= body.body.size();
    enter(std::move(body), added, false);
  }
}

void Flow::enter(SpooledBody body, base::SteadyTime now, bool replayed) {
  Outgoing outgoing{.body = std::move(body), .context = {}, .added = now, .first_sent = {}};
  const auto& entered = outgoing.body;
  outgoing.replayed = replayed;
  const bool same_run = entered_.run_id == entered.run_id;
  const auto expected = same_run ? entered_.last + 1 : 1;
  if (entered.first > expected) {
    outgoing.context.missing = MissingRange{entered.run_id, expected, entered.first - 1};
  }
  if (!same_run && !entered_.run_id.empty()) outgoing.context.previous = entered_;
  entered_ = {.id = entered.id, .run_id = entered.run_id, .last = entered.last};
  front_bytes_ += entered.body.size();
  front_.push_back(std::move(outgoing));
}

void Flow::load(std::vector<SpooledBody> bodies, base::SteadyTime now) {
  for (auto& body : bodies) {
    loaded_id_ = std::max(loaded_id_, body.id);
    if (backlog_ > 0) --backlog_;
    const bool damaged = body.body.empty();
    enter(std::move(body), now, true);
    if (damaged) drop(front_.back());
  }
  settle();
}

std::vector<SpooledBody> Flow::take_unstored() {
  std::vector<SpooledBody> bodies;
  for (auto& outgoing : front_) {
    if (!outgoing.done && !outgoing.stored()) bodies.push_back(std::move(outgoing.body));
  }
  taken_front_ = bodies.size();
  for (auto& pending : pending_) bodies.push_back(std::move(pending.body));
  return bodies;
}

void Flow::stored(std::vector<SpooledBody> bodies, bool kept, base::SteadyTime now) {
  auto next = bodies.begin();
  // What was moved out has no number of its own any more; nothing else came or went meanwhile.
  for (auto& outgoing : front_) {
    if (taken_front_ == 0) break;
    if (outgoing.done || outgoing.stored()) continue;
    outgoing.body = std::move(*next++);
    if (kept) loaded_id_ = std::max(loaded_id_, outgoing.body.id);
    --taken_front_;
  }
  if (kept) {
    backlog_ += pending_.size();
    pending_.clear();
    pending_bytes_ = 0;
    return;
  }
  for (auto& pending : pending_) {
    pending.body = std::move(*next++);
    pending.added = now;  // not at once again
  }
}

std::vector<SpooledBody> Flow::forget_pending() {
  std::vector<SpooledBody> bodies;
  for (auto& pending : pending_) bodies.push_back(std::move(pending.body));
  pending_.clear();
  pending_bytes_ = 0;
  return bodies;
}

std::optional<base::SteadyTime> Flow::unstored_since() const {
  for (const auto& outgoing : front_) {
    if (!outgoing.done && !outgoing.stored()) return outgoing.added;
  }
  return pending_.empty() ? std::nullopt : std::optional(pending_.front().added);
}

bool Flow::evict(const SpooledBody& body) {
  for (auto& outgoing : front_) {
    if (outgoing.body.id != body.id || outgoing.done) continue;
    outgoing.evicted = true;
    if (outgoing.in_flight) return false;
    drop(outgoing);
    return true;
  }
  if (body.id <= loaded_id_) return false;
  if (backlog_ > 0) --backlog_;
  return true;
}

Outgoing* Flow::next_waiting() {
  const auto found = std::ranges::find_if(front_, &Outgoing::waiting);
  if (found == front_.end()) return nullptr;
  tell_dropped(*found);
  return &*found;
}

/// One range fits into a header: of its own run if there is one.
void Flow::tell_dropped(Outgoing& next) {
  auto& told = next.context.missing;
  const auto own = std::ranges::find(dropped_, next.body.run_id, &MissingRange::run_id);
  if (own != dropped_.end() && merge(told, *own)) dropped_.erase(own);
  if (!dropped_.empty() && merge(told, dropped_.front())) dropped_.erase(dropped_.begin());
  if (dropped_previous_ && !next.context.previous) {
    next.context.previous = std::exchange(dropped_previous_, std::nullopt);
  }
}

void Flow::note_dropped(const MissingRange& range) {
  for (auto& noted : dropped_) {
    if (widen(noted, range)) return;
  }
  if (dropped_.size() == kMaxDroppedRuns) dropped_.erase(dropped_.begin());
  dropped_.push_back(range);
}

std::optional<base::WallTime> Flow::oldest_made() const {
  for (const auto& outgoing : front_) {
    if (!outgoing.done) return outgoing.body.made;
  }
  if (backlog_ > 0 || pending_.empty()) return std::nullopt;
  return pending_.front().body.made;
}

void Flow::drop(Outgoing& outgoing) {
  outgoing.done = true;
  const auto& body = outgoing.body;
  if (outgoing.context.missing) note_dropped(*outgoing.context.missing);
  note_dropped({body.run_id, body.first, body.last});
  const auto& previous = outgoing.context.previous;
  if (previous && (!dropped_previous_ || dropped_previous_->id <= previous->id)) {
    dropped_previous_ = previous;
  }
}

void Flow::settle() {
  while (!front_.empty() && front_.front().done) {
    const auto& body = front_.front().body;
    cursor_ = {.id = std::max(cursor_.id, body.id), .run_id = body.run_id, .last = body.last};
    cursor_moved_ = true;
    front_bytes_ -= body.body.size();
    front_.pop_front();
  }
  admit_pending();
}

std::optional<SpoolCursor> Flow::take_cursor() {
  if (!std::exchange(cursor_moved_, false)) return std::nullopt;
  return cursor_;
}

}  // namespace mexport::exporter::amqp
