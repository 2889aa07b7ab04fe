// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/shard.hpp"
#include "libp2p/tcp/pace.hpp"
#include "libp2p/transport.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>

namespace mexport::libp2p::tcp {

class Loop;

/// A shard over the operating system: one thread, one epoll loop, one timer wheel, one scratch
/// buffer for reading. What lives on it is made, used and destroyed on its thread (through post()
/// or run()), or while it is stopped.
class SystemShard final : public Shard {
 public:
  /// While much comes it rests between reads (Pace), at most `rest`. A connection whose socket has
  /// more than `max_pending_write` bytes waiting ends.
  explicit SystemShard(std::chrono::nanoseconds rest = Pace::kInterval,
                       std::size_t max_pending_write = kMaxPendingWrite);
  /// Stops. Connections, transports and listeners of the shard must be gone.
  ~SystemShard() override;

  /// Starts the thread; again after stop().
  void start();
  /// Ends what runs now, destroys what was posted, joins the thread. Not from the shard itself.
  void stop();
  bool running() const;
  bool on_own_thread() const;

  base::SteadyTime now() const override;
  base::TimerWheel& timers() override;
  base::Random& random() override;
  void post(std::function<void()> task) override;

  /// Runs `task` on the shard, at once when the shard is stopped or this is its own thread. The
  /// future is ready when it has run, or never will because the shard was stopped meanwhile.
  std::future<void> submit(std::function<void()> task);

  /// Runs `task` on the shard and waits for its end; at once when the shard is stopped or this is
  /// its own thread. A shard that is stopped meanwhile may leave it unrun. For setting up and
  /// taking down.
  void run(const std::function<void()>& task);

  /// The worst delay since the last question with which something could have been handled, because
  /// the thread was busy. Thread-safe.
  std::chrono::nanoseconds take_latency();

  /// For what else lives in this folder.
  Loop& loop() { return *loop_; }

 private:
  friend class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace mexport::libp2p::tcp
