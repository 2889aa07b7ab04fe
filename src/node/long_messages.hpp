// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/observation.hpp"

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

namespace mexport::node {

/// The long messages that are on their way to all shards of a node: one more may come as long as
/// they stay within a limit, together with what waits for the export thread. Thread-safe.
class LongMessages {
 public:
  static constexpr std::size_t kLimit = 2 << 20;

  /// The sinks of the node's shards, which outlive it; what waits in them counts too.
  explicit LongMessages(std::vector<const monitor::ObservationSink*> sinks,
                        std::size_t limit = kLimit)
      : sinks_(std::move(sinks)), limit_(limit) {}

  /// Whether there is room for one more, of `bytes`, which then is taken.
  bool take(std::size_t bytes) {
    const auto before = bytes_.fetch_add(bytes, std::memory_order_relaxed);
    if (before + waiting() <= limit_) return true;
    give_back(bytes);
    return false;
  }
  /// Connections whose long messages wait for room.
  void begin_wait() { waiting_.fetch_add(1, std::memory_order_relaxed); }
  void end_wait() { waiting_.fetch_sub(1, std::memory_order_relaxed); }
  bool anyone_waits() const { return waiting_.load(std::memory_order_relaxed) != 0; }
  /// Without asking for room.
  void add(std::size_t bytes) { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  void give_back(std::size_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  std::size_t waiting() const {
    std::size_t sum = 0;
    for (const auto* sink : sinks_) sum += sink->waiting();
    return sum;
  }

  const std::vector<const monitor::ObservationSink*> sinks_;
  const std::size_t limit_;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace mexport::node
