// SPDX-License-Identifier: MIT
#include "libp2p/tcp/system_shard.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace mexport::libp2p::tcp {
namespace {

using namespace std::chrono_literals;

TEST(SystemShard, RunsWhatIsPostedInOrderOnItsThread) {
  SystemShard shard;
  shard.start();
  std::vector<int> order;
  bool own_thread = false;
  // From the shard's thread, so that it is not faster than whoever posts.
  shard.run([&] {
    shard.post([&] {
      order.push_back(1);
      own_thread = shard.on_own_thread();
      shard.post([&] { order.push_back(3); });
    });
    shard.post([&] { order.push_back(2); });
  });
  shard.run([] {});
  shard.run([] {});
  EXPECT_TRUE(own_thread);
  EXPECT_FALSE(shard.on_own_thread());
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(SystemShard, ManyThreadsMayPost) {
  constexpr int kThreads = 4;
  constexpr int kTasks = 1000;
  SystemShard shard;
  shard.start();
  int count = 0;  // the shard's alone
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kTasks; ++j) shard.post([&] { ++count; });
      });
    }
  }
  shard.run([&] { EXPECT_EQ(count, kThreads * kTasks); });
}

TEST(SystemShard, TimersRunAtTheirTime) {
  SystemShard shard;
  std::promise<base::SteadyTime> ran;
  struct Owner {
    SystemShard& shard;
    std::promise<base::SteadyTime>& ran;
  } owner{shard, ran};
  base::Timer timer(
      [](void* self) {
        auto& o = *static_cast<Owner*>(self);
        o.ran.set_value(o.shard.now());
      },
      &owner);
  shard.start();
  base::SteadyTime due;
  shard.run([&] {
    due = shard.now() + 20ms;
    shard.timers().arm(timer, due);
  });
  EXPECT_GE(ran.get_future().get(), due);
}

TEST(SystemShard, WhatIsPostedAfterAStopIsDestroyedUnrun) {
  SystemShard shard;
  shard.start();
  shard.stop();
  auto token = std::make_shared<int>();
  std::atomic<bool> ran = false;
  shard.post([token, &ran] { ran = true; });
  EXPECT_EQ(token.use_count(), 1);
  shard.start();
  shard.run([] {});
  EXPECT_FALSE(ran);
}

TEST(SystemShard, StartsAndStopsAnyNumberOfTimes) {
  SystemShard shard;
  for (int i = 0; i < 5; ++i) {
    int ran = 0;
    shard.start();
    shard.start();
    shard.run([&] { ++ran; });
    EXPECT_EQ(ran, 1);
    EXPECT_TRUE(shard.running());
    shard.stop();
    shard.stop();
    EXPECT_FALSE(shard.running());
    shard.run([&] { ++ran; });  // at once, on this thread
    EXPECT_EQ(ran, 2);
  }
}

TEST(SystemShard, WaitingForATaskEndsWithTheShard) {
  SystemShard shard;
  shard.start();
  std::promise<void> blocked;
  std::promise<void> go_on;
  shard.post([&] {
    blocked.set_value();
    go_on.get_future().wait();
  });
  blocked.get_future().wait();
  std::atomic<bool> ended = false;
  {
    const std::jthread waiting([&] {
      shard.run([] {});
      ended = true;
    });
    const std::jthread stopping([&] { shard.stop(); });
    while (shard.running()) std::this_thread::yield();
    go_on.set_value();
  }
  EXPECT_TRUE(ended);
}

TEST(SystemShard, TellsHowLateItWas) {
  SystemShard shard;
  shard.start();
  shard.run([] {});
  shard.take_latency();
  shard.run([&] {
    const auto until = std::chrono::steady_clock::now() + 5ms;
    while (std::chrono::steady_clock::now() < until) {
    }
  });
  shard.run([] {});
  EXPECT_GE(shard.take_latency(), 5ms);
}

class Observer final : public WakeupObserver {
 public:
  void on_wakeup_begin(base::SteadyTime) override { ++depth; }
  void on_wakeup_end() override { --depth; }
  int depth = 0;
};

TEST(SystemShard, TasksRunWithinWakeUps) {
  SystemShard shard;
  Observer observer;
  shard.add_observer(observer);
  shard.start();
  shard.run([&] { EXPECT_EQ(observer.depth, 1); });
  shard.stop();
  EXPECT_EQ(observer.depth, 0);
}

}  // namespace
}  // namespace mexport::libp2p::tcp
