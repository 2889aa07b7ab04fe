// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/tcp/pace.hpp"
#include "libp2p/tcp/poller.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

namespace mexport::libp2p::tcp {

class SystemShard;
class TcpConnection;

/// The inside of an SystemShard: its thread, and what the connections, dials and listeners of this
/// folder need of it. Each of their handlers begins with enter().
class Loop {
 public:
  /// The shard's reading buffer. Bounds what one read takes.
  static constexpr std::size_t kScratchSize = 128 * 1024;

  /// Throws std::system_error when the system has no descriptor for it.
  Loop(SystemShard& shard, std::chrono::nanoseconds rest, std::size_t max_pending_write);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void start();
  void stop();
  bool running() const { return running_.load(std::memory_order_acquire); }
  bool on_own_thread() const {
    return thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }
  void post(std::function<void()> task);

  Poller& poller() { return poller_; }
  /// Bytes that may wait in one of the shard's sockets.
  std::size_t max_pending_write() const { return max_pending_write_; }
  base::MutableByteView scratch() { return scratch_; }
  base::TimerWheel& timers() { return timers_; }
  base::Random& random() { return random_; }

  base::SteadyTime now() const { return now_; }
  void refresh_now() { now_ = std::chrono::steady_clock::now(); }
  /// A wake-up begins, if none is under way.
  void enter();
  /// So much was read from a socket or written to it.
  void moved(std::size_t bytes) { moved_ += bytes; }

  /// Keeps a connection that its owner has closed until it is done.
  void keep(boost::intrusive_ptr<TcpConnection> closing);
  void drop(const boost::intrusive_ptr<TcpConnection>& closed);

  std::chrono::nanoseconds take_latency() {
    return std::chrono::nanoseconds(latency_.exchange(0, std::memory_order_relaxed));
  }

 private:
  void run();
  bool wait_for_work();
  void run_posted();
  void run_timers();
  void record_latency(std::chrono::nanoseconds latency);

  SystemShard& shard_;
  const std::size_t max_pending_write_;
  base::SteadyTime now_;
  base::SteadyTime entered_at_;
  bool awake_ = false;
  std::size_t moved_ = 0;  // in this wake-up
  Pace pace_;
  base::TimerWheel timers_;
  base::SeededRandom random_;
  base::Bytes scratch_;
  Poller poller_;
  // After the wheel: they have timers.
  std::unordered_set<boost::intrusive_ptr<TcpConnection>> closing_;

  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  bool refusing_ = false;  // stopped: what is posted is destroyed
  std::atomic<bool> running_{false};
  std::atomic<std::int64_t> latency_{0};
  std::atomic<std::thread::id> thread_id_{};
  std::thread thread_;
};

}  // namespace mexport::libp2p::tcp
