// SPDX-License-Identifier: MIT
#include "tests/sim/shard.hpp"

#include <utility>

namespace mexport::sim {

void SimShard::at(base::SteadyTime time, Task task) {
  scheduler_.at(time, [this, alive = alive_, task = std::move(task)]() mutable {
    if (*alive) make_ready(std::move(task));
  });
}

void SimShard::make_ready(Task task) {
  ready_.push_back(std::move(task));
  if (std::exchange(scheduled_, true)) return;
  const auto longest = static_cast<std::uint64_t>(lag_.count());
  scheduler_.after(std::chrono::nanoseconds(random_.below(longest)), [this, alive = alive_] {
    if (*alive) wake_up();
  });
}

void SimShard::wake_up() {
  // The last socket may let go of us with its task.
  const auto self = shared_from_this();
  scheduled_ = false;
  ++wakeups_;
  auto tasks = std::exchange(ready_, {});
  {
    const OwnerScope scope(owner_);
    begin_wakeup();
    for (auto& task : tasks) {
      task();
      task = nullptr;
    }
  }
  finish();
}

void SimShard::run(const Task& task) {
  ++wakeups_;
  {
    const OwnerScope scope(owner_);
    begin_wakeup();
    task();
  }
  finish();
}

void SimShard::finish() {
  const OwnerScope scope(owner_);
  if (const auto due = timers_.next_expiry(); due && *due <= now()) timers_.advance(now());
  end_wakeup();
  const auto next = timers_.next_expiry();
  if (!next || (timer_at_ && *timer_at_ <= *next)) return;
  timer_at_ = *next;
  scheduler_.at(*next, [this, alive = alive_, at = *next] {
    if (!*alive || timer_at_ != at) return;
    timer_at_.reset();
    make_ready([] {});
  });
}

}  // namespace mexport::sim
