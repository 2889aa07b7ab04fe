// SPDX-License-Identifier: MIT
#include "monitor/observation_queue.hpp"

#include <algorithm>
#include <utility>

namespace mexport::monitor {

base::SteadyTime time_of(const QueueItem& item) {
  if (const auto* lost = std::get_if<LostFacts>(&item)) return lost->last;
  return time_of(std::get<Fact>(item));
}

void ObservationQueue::submit(Fact&& fact) noexcept {
  const auto size = memory_size(fact);
  if (const auto reason = refusal(size)) {
    lose(kind_of(fact), *reason, 1, time_of(fact));
  } else {
    if (has_lost_.load(std::memory_order_relaxed)) enqueue_lost();
    facts_in_.add();
    bytes_in_.add(size);
    weigh(fact, size, [](WaitingBytes& of, std::size_t weight) { of.add(weight); });
    queue_.push({QueueItem(std::move(fact)), size});
  }
  news_ = true;
  if (!in_batch_) tell_reader();
}

void ObservationQueue::lost(EventKind kind, std::uint64_t count, base::SteadyTime at) noexcept {
  lose(kind, LossReason::host_queue_full, count, at);
  news_ = true;
  if (!in_batch_) tell_reader();
}

void ObservationQueue::begin_batch(base::SteadyTime now) noexcept {
  in_batch_ = true;
  busy_since_.store(now.time_since_epoch().count(), std::memory_order_seq_cst);
}

void ObservationQueue::end_batch() noexcept {
  in_batch_ = false;
  busy_since_.store(base::SteadyTime::max().time_since_epoch().count(), std::memory_order_seq_cst);
  tell_reader();
}

void ObservationQueue::tell_reader() noexcept {
  if (std::exchange(news_, false)) reader_.signal();
}

base::SteadyTime ObservationQueue::busy_since() const {
  const base::SteadyTime::duration since(busy_since_.load(std::memory_order_seq_cst));
  return base::SteadyTime(since);
}

QueueItem* ObservationQueue::front() {
  if (!taken_.empty()) return &taken_.back();
  if (Slot* slot = queue_.front()) return &slot->item;
  if (!has_lost_.load(std::memory_order_acquire)) return nullptr;
  if (take_lost()) return &taken_.back();
  Slot* slot = queue_.front();
  return slot ? &slot->item : nullptr;
}

void ObservationQueue::pop() {
  if (!taken_.empty()) {
    taken_.pop_back();
    return;
  }
  settle(*queue_.front());
  queue_.pop();
}

/// What leaves the queue waits no longer.
void ObservationQueue::settle(const Slot& slot) {
  const auto* fact = std::get_if<Fact>(&slot.item);
  if (fact == nullptr) return;  // a loss: nothing was counted
  weigh(*fact, slot.size, [](WaitingBytes& of, std::size_t weight) { of.take(weight); });
  facts_out_.add();
  bytes_out_.add(slot.size);
}

std::size_t ObservationQueue::front_size() {
  return taken_.empty() ? queue_.front()->size : 0;
}

TakenFact ObservationQueue::take() {
  Slot& slot = *queue_.front();
  const auto size = slot.size;
  taken_bytes_->fetch_add(size);
  settle(slot);
  std::shared_ptr<void> weight(nullptr,
                               [held = taken_bytes_, size](void*) { held->fetch_sub(size); });
  auto fact = std::move(std::get<Fact>(slot.item));
  queue_.pop();
  return {std::move(fact), std::move(weight)};
}

std::optional<LossReason> ObservationQueue::refusal(std::size_t size) {
  const auto waiting = facts();
  const auto held = bytes();
  if (dropping_ && waiting <= limits_.facts / 4 * 3 && held <= limits_.bytes / 4 * 3) {
    dropping_.reset();
  }
  if (dropping_) return dropping_;
  if (waiting >= limits_.facts) dropping_ = LossReason::queue_full;
  if (waiting > 0 && held + size > limits_.bytes) dropping_ = LossReason::queue_bytes;
  return dropping_;
}

void ObservationQueue::lose(EventKind kind, LossReason reason, std::uint64_t count,
                            base::SteadyTime at) {
  const std::lock_guard lock(lost_mutex_);
  auto found = std::find_if(lost_.begin(), lost_.end(), [&](const LostFacts& lost) {
    return lost.kind == kind && lost.reason == reason;
  });
  if (found == lost_.end()) {
    found = lost_.insert(lost_.end(), {.kind = kind, .reason = reason, .first = at, .last = at});
  }
  found->count += count;
  found->last = std::max(found->last, at);
  has_lost_.store(true, std::memory_order_release);
}

void ObservationQueue::enqueue_lost() {
  const std::lock_guard lock(lost_mutex_);
  std::sort(lost_.begin(), lost_.end(),
            [](const LostFacts& a, const LostFacts& b) { return a.last < b.last; });
  for (const auto& lost : lost_) queue_.push({QueueItem(lost), 0});
  lost_.clear();
  has_lost_.store(false, std::memory_order_release);
}

bool ObservationQueue::take_lost() {
  const std::lock_guard lock(lost_mutex_);
  // Whatever the writer put into the queue before it lost these comes first.
  if (queue_.front() || lost_.empty()) return false;
  std::sort(lost_.begin(), lost_.end(),
            [](const LostFacts& a, const LostFacts& b) { return a.last > b.last; });
  taken_.assign(lost_.begin(), lost_.end());
  lost_.clear();
  has_lost_.store(false, std::memory_order_release);
  return true;
}

}  // namespace mexport::monitor
