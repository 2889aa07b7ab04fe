// SPDX-License-Identifier: MIT
#include "app/liveness.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace mexport::app {
namespace {

class LivenessTest : public testing::Test {
 protected:
  bool look() { return liveness.look(now); }
  void work(std::size_t shard) {
    for (const auto& task : std::exchange(tasks[shard], {})) task();
  }

  base::SteadyTime now{};
  std::uint64_t heartbeats = 0;
  std::vector<std::vector<std::function<void()>>> tasks{2};
  Liveness liveness{
      {.shards = 2,
       .post = [this](std::size_t i, auto task) { tasks[i].push_back(std::move(task)); },
       .heartbeats = [this] { return heartbeats; }},
      now};
};

TEST_F(LivenessTest, AllThreadsWork) {
  EXPECT_TRUE(look());
  work(0);
  work(1);
  EXPECT_TRUE(look());
}

TEST_F(LivenessTest, AShardThatDoesNothingIsDead) {
  EXPECT_TRUE(look());
  work(0);
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
}

TEST_F(LivenessTest, AShardMayBeLate) {
  EXPECT_TRUE(look());
  work(0);
  EXPECT_FALSE(look());
  work(1);
  EXPECT_TRUE(look());
}

TEST_F(LivenessTest, AStuckShardIsGivenNothingMore) {
  for (int i = 0; i < 10; ++i) look();
  EXPECT_EQ(tasks[0].size(), 1);
}

TEST_F(LivenessTest, ExportThatWritesNoHeartbeatIsDead) {
  const auto look_later = [&](std::chrono::seconds later) {
    work(0);
    work(1);
    now += later;
    return look();
  };
  EXPECT_TRUE(look_later(Liveness::kHeartbeatPatience));
  EXPECT_FALSE(look_later(std::chrono::seconds(1)));
  ++heartbeats;
  EXPECT_TRUE(look_later(std::chrono::seconds(1)));
  EXPECT_TRUE(look_later(Liveness::kHeartbeatPatience));
  EXPECT_FALSE(look_later(std::chrono::seconds(1)));
}

}  // namespace
}  // namespace mexport::app
