// SPDX-License-Identifier: MIT
#include "libp2p/tcp/loop.hpp"

#include "base/thread_name.hpp"
#include "libp2p/tcp/system_shard.hpp"
#include "libp2p/tcp/tcp_connection.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p::tcp {
namespace {

/// The longest sleep when no timer is armed.
constexpr std::chrono::seconds kLongestSleep{60};

}  // namespace

Loop::Loop(SystemShard& shard, std::chrono::nanoseconds rest, std::size_t max_pending_write)
    : shard_(shard),
      max_pending_write_(max_pending_write),
      now_(std::chrono::steady_clock::now()),
      pace_(rest),
      timers_(now_),
      random_(base::system_entropy()),
      scratch_(kScratchSize) {}

Loop::~Loop() {
  stop();
}

void Loop::start() {
  if (running()) return;
  {
    const std::lock_guard lock(mutex_);
    refusing_ = false;
  }
  running_.store(true, std::memory_order_release);
  thread_ = std::thread([this] { run(); });
}

void Loop::stop() {
  if (!thread_.joinable()) return;
  running_.store(false, std::memory_order_release);
  poller_.wake();
  thread_.join();
  thread_id_.store({}, std::memory_order_relaxed);
  std::vector<std::function<void()>> unrun;
  {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
    unrun.swap(posted_);
  }
}

void Loop::post(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (refusing_) return;
  posted_.push_back(std::move(task));
  if (posted_.size() == 1) poller_.wake();
}

void Loop::keep(boost::intrusive_ptr<TcpConnection> closing) {
  closing_.insert(std::move(closing));
}

void Loop::drop(const boost::intrusive_ptr<TcpConnection>& closed) {
  closing_.erase(closed);
}

void Loop::enter() {
  if (std::exchange(awake_, true)) return;
  refresh_now();
  entered_at_ = now_;
  shard_.begin_wakeup();
}

void Loop::run() {
  base::name_this_thread("shard");
  thread_id_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  for (bool posted = true;; posted = wait_for_work()) {
    if (posted) run_posted();
    run_timers();
    if (std::exchange(awake_, false)) {
      shard_.end_wakeup();
      const auto ended = std::chrono::steady_clock::now();
      record_latency(ended - entered_at_);
      pace_.after({entered_at_, ended, poller_.told(), std::exchange(moved_, 0)});
    }
    if (!running()) return;
  }
}

/// Whether something was posted.
bool Loop::wait_for_work() {
  const auto latest = std::chrono::steady_clock::now() + kLongestSleep;
  const auto due = std::min(timers_.next_expiry().value_or(latest), latest);
  if (pace_.resting() && poller_.rest(std::min(pace_.until(), due))) return true;
  return poller_.wait(due);
}

void Loop::run_posted() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(posted_);
  }
  for (auto& task : tasks) {
    enter();
    task();
    task = nullptr;
  }
}

void Loop::run_timers() {
  const auto due = timers_.next_expiry();
  const auto now = std::chrono::steady_clock::now();
  if (!due || *due > now) return;
  record_latency(now - *due);
  enter();
  refresh_now();
  timers_.advance(now_);
}

void Loop::record_latency(std::chrono::nanoseconds latency) {
  auto worst = latency_.load(std::memory_order_relaxed);
  while (worst < latency.count() &&
         !latency_.compare_exchange_weak(worst, latency.count(), std::memory_order_relaxed)) {
  }
}

}  // namespace mexport::libp2p::tcp
