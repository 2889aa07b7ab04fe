// SPDX-License-Identifier: MIT
#include "monitor/wake_up.hpp"

namespace mexport::monitor {

void WakeUp::signal() noexcept {
  // Pairs with prepare(): either the writer sees the sleep or the reader sees what was written.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!sleeping_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  sleeping_.store(false, std::memory_order_relaxed);
  changed_.notify_one();
}

void WakeUp::prepare() noexcept {
  sleeping_.store(true, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

bool WakeUp::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const bool signalled =
      changed_.wait_for(lock, limit, [this] { return !sleeping_.load(std::memory_order_relaxed); });
  sleeping_.store(false, std::memory_order_relaxed);
  return signalled;
}

void WakeUp::cancel() noexcept {
  sleeping_.store(false, std::memory_order_relaxed);
}

}  // namespace mexport::monitor
