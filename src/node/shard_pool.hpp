// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/tcp/system_shard.hpp"
#include "monitor/observation.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace mexport::node {

/// The shard threads of a process, which all its nodes share, and for each the sink into which what
/// is seen there goes. Made and used by the thread that sets the process up.
class ShardPool {
 public:
  /// `count` shards, at least one; they do not run yet. While much comes they `rest`
  /// between reads; of what a peer does not read, `max_pending_write` bytes wait.
  explicit ShardPool(std::size_t count,
                     std::chrono::nanoseconds rest = libp2p::tcp::Pace::kInterval,
                     std::size_t max_pending_write = libp2p::kMaxPendingWrite);
  /// Stops. What lives on the shards must be gone.
  ~ShardPool();
  ShardPool(const ShardPool&) = delete;
  ShardPool& operator=(const ShardPool&) = delete;

  /// Gives shard `index` its sink, which outlives the pool. Before start().
  void set_sink(std::size_t index, monitor::ObservationSink& sink);

  void start();
  void stop();

  std::size_t size() const { return members_.size(); }
  libp2p::tcp::SystemShard& shard(std::size_t index);
  /// nullptr when nothing is recorded there.
  monitor::ObservationSink* sink(std::size_t index);

  /// The worst of each shard since the last question. Thread-safe.
  std::vector<std::chrono::nanoseconds> take_latencies();

 private:
  struct Member;
  std::vector<std::unique_ptr<Member>> members_;
};

/// As many shards as the machine has cores.
std::size_t default_shard_count();

}  // namespace mexport::node
