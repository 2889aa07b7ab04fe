// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace mexport::base {

/// A bounded queue between one pushing and one popping thread, without locks. When it is full,
/// try_push() refuses and the caller counts the loss.
template <class T>
class SpscQueue {
 public:
  /// Holds at least `capacity` items (rounded up to a power of two).
  explicit SpscQueue(std::size_t capacity)
      : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

  /// Moves from `item` only when it returns true.
  bool try_push(T& item) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) > mask_) return false;
    slots_[tail & mask_] = std::move(item);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// For the popping thread: the oldest item, or nullptr. Valid until pop().
  T* front() {
    const auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return nullptr;
    return &slots_[head & mask_];
  }
  /// Drops the item that front() returned.
  void pop() {
    const auto head = head_.load(std::memory_order_relaxed);
    slots_[head & mask_] = T{};
    head_.store(head + 1, std::memory_order_release);
  }

  /// Exact for neither thread while the other works; good for gauges.
  std::size_t size() const {
    return tail_.load(std::memory_order_acquire) - head_.load(std::memory_order_acquire);
  }
  std::size_t capacity() const { return slots_.size(); }

 private:
  std::vector<T> slots_;
  std::size_t mask_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace mexport::base
