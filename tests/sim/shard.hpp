// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "libp2p/shard.hpp"
#include "tests/sim/accounting.hpp"
#include "tests/sim/scheduler.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace mexport::sim {

/// A shard on the virtual clock. Its thread may be busy with something else when there is work:
/// then what comes meanwhile shares a wake-up, as in the driver over sockets. Always shared:
/// sockets that are still being closed keep it when its process has ended. What is to come when it
/// is destroyed does not run.
class SimShard final : public libp2p::Shard, public std::enable_shared_from_this<SimShard> {
 public:
  using Task = std::function<void()>;

  SimShard(Scheduler& scheduler, std::uint64_t seed, Owner owner)
      : scheduler_(scheduler), owner_(owner), timers_(scheduler.now()), random_(seed) {}

  ~SimShard() override { *alive_ = false; }
  SimShard(const SimShard&) = delete;
  SimShard& operator=(const SimShard&) = delete;

  base::SteadyTime now() const override { return scheduler_.now(); }
  base::TimerWheel& timers() override { return timers_; }
  base::Random& random() override { return random_; }
  void post(std::function<void()> task) override { at(now(), std::move(task)); }

  /// Runs the task in a wake-up, at `time` or a little later.
  void at(base::SteadyTime time, Task task);
  /// In a wake-up of its own, now. Not from within one.
  void run(const Task& task);
  /// How late a wake-up may come.
  void set_lag(std::chrono::nanoseconds longest) { lag_ = longest; }

  /// Calls back into what lives here, from what the world does within a wake-up.
  template <class F>
  void as_owner(F&& call) {
    const OwnerScope scope(owner_);
    call();
  }

  Scheduler& scheduler() { return scheduler_; }
  std::uint64_t wakeups() const { return wakeups_; }

 private:
  void make_ready(Task task);
  void wake_up();
  void finish();

  Scheduler& scheduler_;
  Owner owner_;
  base::TimerWheel timers_;
  base::SeededRandom random_;
  std::vector<Task> ready_;
  std::optional<base::SteadyTime> timer_at_;
  std::chrono::nanoseconds lag_{0};
  std::uint64_t wakeups_ = 0;
  bool scheduled_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace mexport::sim
