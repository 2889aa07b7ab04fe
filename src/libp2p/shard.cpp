// SPDX-License-Identifier: MIT
#include "libp2p/shard.hpp"

#include <algorithm>

namespace mexport::libp2p {
namespace {

/// Beyond this a burst's buffer is given back to the system.
constexpr std::size_t kKeptBuffer = 1 << 20;

void shrink(base::Bytes& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptBuffer) base::Bytes().swap(buffer);
}

}  // namespace

void Shard::flush_at_end(Flushable& item) {
  if (item.queued_) return;
  item.queued_ = true;
  to_flush_.push_back(&item);
}

void Shard::forget(Flushable& item) {
  if (item.queued_) std::ranges::replace(to_flush_, &item, static_cast<Flushable*>(nullptr));
  item.queued_ = false;
}

void Shard::add_observer(WakeupObserver& observer) {
  observers_.push_back(&observer);
}

void Shard::remove_observer(WakeupObserver& observer) {
  std::erase(observers_, &observer);
}

void Shard::begin_wakeup() {
  if (awake_) return;
  awake_ = true;
  // By index: an observer may be added or removed by what it does.
  std::size_t next = 0;
  while (next < observers_.size()) observers_[next++]->on_wakeup_begin(now());
}

void Shard::end_wakeup() {
  if (!awake_) return;
  flush_all();
  awake_ = false;
  std::size_t next = 0;
  while (next < observers_.size()) observers_[next++]->on_wakeup_end();
}

void Shard::flush_all() {
  // What is flushed may ask for further flushes, its own included; they come last.
  std::size_t next = 0;
  while (next < to_flush_.size()) {
    Flushable* const item = to_flush_[next++];
    if (item == nullptr) continue;
    item->queued_ = false;
    item->flush();
  }
  to_flush_.clear();
  shrink(output_.plaintext);
  shrink(output_.ciphertext);
}

}  // namespace mexport::libp2p
