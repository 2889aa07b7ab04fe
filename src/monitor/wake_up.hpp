// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace mexport::monitor {

/// How writers wake one reader without a system call per message: the reader says when it is about
/// to sleep, and only then does a writer take the lock and notify.
class WakeUp {
 public:
  /// For writers, after what they wrote: one atomic load while the reader is awake.
  void signal() noexcept;

  /// For the reader: announces the sleep. It must look for work once more between this and wait().
  void prepare() noexcept;
  /// For the reader: sleeps until signalled, at most `limit`. Tells whether it was.
  bool wait(std::chrono::milliseconds limit);
  /// For the reader: there was work after all.
  void cancel() noexcept;

 private:
  std::atomic<bool> sleeping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace mexport::monitor
