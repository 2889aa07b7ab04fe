// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/runtime.hpp"
#include "base/timer_wheel.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace mexport::capi {

/// The thread that a host of another kind lacks: whoever holds its lock is on it. A thread of its
/// own takes the lock when a timer is due or a task was posted, and others in between.
class HostThread final : public base::Runtime {
 public:
  /// `clock` outlives it.
  explicit HostThread(const base::Clock& clock);
  ~HostThread() override;

  /// Does `work` as the host's thread. From any thread, but not from within.
  template <class Work>
  auto run(Work work) {
    const Locked locked(*this);
    return work();
  }

  base::SteadyTime now() const override { return now_; }
  base::TimerWheel& timers() override { return timers_; }
  base::Random& random() override { return random_; }
  void post(std::function<void()> task) override;

  /// Ends its own thread; tasks and timers that wait are not run. Idempotent.
  void stop();

 private:
  /// While it is there, time stands still.
  class Locked {
   public:
    explicit Locked(HostThread& thread);
    ~Locked();
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

   private:
    HostThread& thread_;
    std::unique_lock<std::mutex> lock_;
  };

  void loop();

  const base::Clock& clock_;
  std::mutex mutex_;  // guards all of the host
  base::SteadyTime now_;
  base::TimerWheel timers_;
  base::SeededRandom random_{base::system_entropy()};
  base::SteadyTime wakes_at_ = base::SteadyTime::max();  // its own thread
  std::mutex posting_;                                   // guards what follows; never held for long
  std::vector<std::function<void()>> tasks_;
  bool earlier_ = false;  // it should wake before wakes_at_
  bool stopped_ = false;
  std::condition_variable news_;
  std::thread thread_;
};

}  // namespace mexport::capi
