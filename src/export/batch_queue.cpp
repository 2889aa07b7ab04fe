// SPDX-License-Identifier: MIT
#include "export/batch_queue.hpp"

#include <utility>

namespace mexport::exporter {

void BatchQueue::push(BatchPtr batch) noexcept {
  const auto size = batch->memory_size();
  {
    const std::lock_guard lock(mutex_);
    if (!batches_.empty() && bytes_ + size > limit_) {
      tail_.add(*batch, monitor::LossReason::sink_queue_full);
      count_lost(*batch, monitor::LossReason::sink_queue_full, lost_);
      return;
    }
    bytes_ += size;
    batches_.push_back({std::exchange(tail_, {}), std::move(batch)});
  }
  changed_.notify_one();
}

void BatchQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
}

void BatchQueue::interrupt() {
  {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
  }
  changed_.notify_one();
}

std::optional<BatchQueue::Item> BatchQueue::pop(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (patience.count() > 0) {
    changed_.wait_for(lock, patience, [this] { return has_item() || closed_ || interrupted_; });
  }
  if (std::exchange(interrupted_, false)) return std::nullopt;
  if (batches_.empty()) {
    if (tail_.empty()) return std::nullopt;
    return Item{std::exchange(tail_, {}), nullptr};
  }
  Item item = std::move(batches_.front());
  batches_.pop_front();
  bytes_ -= item.batch->memory_size();
  return item;
}

bool BatchQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::size_t BatchQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

monitor::LossTable BatchQueue::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace mexport::exporter
