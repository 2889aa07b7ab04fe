// SPDX-License-Identifier: MIT
#include "capi/host_thread.hpp"

#include "base/thread_name.hpp"

#include <chrono>

namespace mexport::capi {

HostThread::Locked::Locked(HostThread& thread) : thread_(thread), lock_(thread.mutex_) {
  thread_.now_ = thread_.clock_.now();
}

HostThread::Locked::~Locked() {
  const auto next = thread_.timers_.next_expiry();
  if (!next || *next >= thread_.wakes_at_) return;
  thread_.wakes_at_ = *next;
  lock_.unlock();
  const std::lock_guard lock(thread_.posting_);
  thread_.earlier_ = true;
  thread_.news_.notify_one();
}

HostThread::HostThread(const base::Clock& clock)
    : clock_(clock), now_(clock.now()), timers_(now_), thread_([this] { loop(); }) {}

HostThread::~HostThread() {
  stop();
}

void HostThread::post(std::function<void()> task) {
  const std::lock_guard lock(posting_);
  if (!stopped_) tasks_.push_back(std::move(task));
  news_.notify_one();
}

void HostThread::stop() {
  {
    const std::lock_guard lock(posting_);
    stopped_ = true;
    tasks_.clear();
    news_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void HostThread::loop() {
  base::name_this_thread("host");
  std::vector<std::function<void()>> tasks;
  for (;;) {
    std::chrono::nanoseconds rest = std::chrono::hours(1);
    {
      const std::lock_guard lock(mutex_);
      now_ = clock_.now();
      for (const auto& task : tasks) task();
      timers_.advance(now_);
      wakes_at_ = timers_.next_expiry().value_or(base::SteadyTime::max());
      if (wakes_at_ != base::SteadyTime::max()) rest = wakes_at_ - clock_.now();
    }
    tasks.clear();
    std::unique_lock lock(posting_);
    news_.wait_for(lock, rest, [this] { return stopped_ || earlier_ || !tasks_.empty(); });
    if (stopped_) return;
    earlier_ = false;
    tasks.swap(tasks_);
  }
}

}  // namespace mexport::capi
