// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace mexport::monitor {

/// A queue between one pushing and one popping thread, without locks, whose memory follows its
/// fill: chunks are allocated when needed and one spare is kept. It has no bound of its own; the
/// owner counts. (A ring of 65,536 facts would hold some 17 MiB per thread, used or not.)
template <class T, std::size_t ChunkSize = 64>
class ChunkQueue {
 public:
  ChunkQueue() : head_(new Chunk), tail_(head_) {}
  ~ChunkQueue() {
    delete spare_.load();
    while (head_) delete std::exchange(head_, head_->next.load());
  }
  ChunkQueue(const ChunkQueue&) = delete;
  ChunkQueue& operator=(const ChunkQueue&) = delete;

  /// For the pushing thread.
  void push(T&& item) {
    if (tail_index_ == ChunkSize) append_chunk();
    tail_->items[tail_index_] = std::move(item);
    tail_->written.store(++tail_index_, std::memory_order_release);
  }

  /// For the popping thread: the oldest item, or nullptr. Valid until pop().
  T* front() {
    if (head_index_ == ChunkSize && !drop_chunk()) return nullptr;
    if (head_index_ == head_->written.load(std::memory_order_acquire)) return nullptr;
    return &head_->items[head_index_];
  }
  /// Drops the item that front() returned.
  void pop() { head_->items[head_index_++] = T{}; }

 private:
  struct Chunk {
    std::array<T, ChunkSize> items{};
    std::atomic<std::size_t> written{0};
    std::atomic<Chunk*> next{nullptr};
  };

  void append_chunk() {
    std::unique_ptr<Chunk> chunk(spare_.exchange(nullptr, std::memory_order_acquire));
    if (!chunk) chunk = std::make_unique<Chunk>();
    Chunk* added = chunk.release();
    tail_->next.store(added, std::memory_order_release);
    tail_ = added;
    tail_index_ = 0;
  }

  bool drop_chunk() {
    Chunk* next = head_->next.load(std::memory_order_acquire);
    if (!next) return false;
    head_->written.store(0, std::memory_order_relaxed);
    head_->next.store(nullptr, std::memory_order_relaxed);
    delete spare_.exchange(head_, std::memory_order_acq_rel);
    head_ = next;
    head_index_ = 0;
    return true;
  }

  alignas(64) Chunk* head_;  // the popping thread's
  std::size_t head_index_ = 0;
  alignas(64) Chunk* tail_;  // the pushing thread's
  std::size_t tail_index_ = 0;
  alignas(64) std::atomic<Chunk*> spare_{nullptr};
};

}  // namespace mexport::monitor
