// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace mexport::app {

/// Whether the threads of a run still do their work: each shard carries out what it is given, and
/// the export thread writes its heartbeats.
class Liveness {
 public:
  struct Parts {
    std::size_t shards = 0;
    std::function<void(std::size_t shard, std::function<void()> task)> post;
    std::function<std::uint64_t()> heartbeats;  ///< written so far
  };

  /// Two heartbeats and a half.
  static constexpr std::chrono::seconds kHeartbeatPatience{150};

  Liveness(Parts parts, base::SteadyTime now) : parts_(std::move(parts)), beat_at_(now) {}

  /// To be called every now and then: true when all shards have done what the last call gave them,
  /// and the last heartbeat is recent.
  bool look(base::SteadyTime now);

 private:
  bool shards_answered();
  bool heart_beats(base::SteadyTime now);

  const Parts parts_;
  std::shared_ptr<std::atomic<std::size_t>> answers_;
  std::uint64_t beats_ = 0;
  base::SteadyTime beat_at_;
};

}  // namespace mexport::app
