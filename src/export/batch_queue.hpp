// SPDX-License-Identifier: MIT
#pragma once

#include "export/batch.hpp"
#include "export/loss_record.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace mexport::exporter {

/// A sink's queue between the export thread and its own: bounded by the bytes of the batches that
/// wait. What does not fit is dropped, counted, and handed out as a loss in its place in the order.
class BatchQueue {
 public:
  /// Losses come before the batch; the batch may be null when only losses are left.
  struct Item {
    LossRecord lost;
    BatchPtr batch;
  };

  explicit BatchQueue(std::size_t bytes) : limit_(bytes) {}

  /// Never blocks for longer than pop() holds the lock. One batch is taken whatever its size when
  /// none waits.
  void push(BatchPtr batch) noexcept;
  /// No more will come; pop() stops waiting.
  void close();
  /// Makes a waiting pop() return.
  void interrupt();

  /// The oldest item. nullopt when there is none within `patience`, at close() and interrupt().
  std::optional<Item> pop(std::chrono::milliseconds patience);

  bool closed() const;
  std::size_t bytes() const;
  /// What did not fit so far.
  monitor::LossTable lost() const;

 private:
  bool has_item() const { return !batches_.empty() || !tail_.empty(); }

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> batches_;
  LossRecord tail_;  // lost after the newest batch that waits
  monitor::LossTable lost_{};
  std::size_t bytes_ = 0;
  bool closed_ = false;
  bool interrupted_ = false;
};

}  // namespace mexport::exporter
