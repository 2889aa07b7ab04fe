// SPDX-License-Identifier: MIT
#include "node/shard_pool.hpp"

#include "node/sink_bracket.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace mexport::node {

/// A shard with its sink, which it tells of each wake-up.
struct ShardPool::Member {
  Member(std::chrono::nanoseconds rest, std::size_t max_pending_write)
      : shard(rest, max_pending_write) {}
  ~Member() { shard.stop(); }

  libp2p::tcp::SystemShard shard;
  std::optional<SinkBracket> bracket;
};

ShardPool::ShardPool(std::size_t count, std::chrono::nanoseconds rest,
                     std::size_t max_pending_write) {
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
    members_.push_back(std::make_unique<Member>(rest, max_pending_write));
  }
}

ShardPool::~ShardPool() = default;

void ShardPool::set_sink(std::size_t index, monitor::ObservationSink& sink) {
  auto& member = *members_.at(index);
  member.bracket.emplace(member.shard, sink);
}

void ShardPool::start() {
  for (auto& member : members_) member->shard.start();
}

void ShardPool::stop() {
  for (auto& member : members_) member->shard.stop();
}

libp2p::tcp::SystemShard& ShardPool::shard(std::size_t index) {
  return members_.at(index)->shard;
}

monitor::ObservationSink* ShardPool::sink(std::size_t index) {
  auto& bracket = members_.at(index)->bracket;
  return bracket ? &bracket->sink() : nullptr;
}

std::vector<std::chrono::nanoseconds> ShardPool::take_latencies() {
  std::vector<std::chrono::nanoseconds> worst;
  for (auto& member : members_) worst.push_back(member->shard.take_latency());
  return worst;
}

std::size_t default_shard_count() {
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

}  // namespace mexport::node
