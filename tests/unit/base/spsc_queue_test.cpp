// SPDX-License-Identifier: MIT
#include "base/spsc_queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace mexport::base {
namespace {

TEST(SpscQueue, RefusesWhenFullAndKeepsTheItem) {
  SpscQueue<std::unique_ptr<int>> queue(2);
  auto one = std::make_unique<int>(1);
  auto two = std::make_unique<int>(2);
  auto three = std::make_unique<int>(3);
  ASSERT_TRUE(queue.try_push(one));
  ASSERT_TRUE(queue.try_push(two));
  EXPECT_FALSE(queue.try_push(three));
  EXPECT_NE(three, nullptr);
  ASSERT_NE(queue.front(), nullptr);
  EXPECT_EQ(**queue.front(), 1);
  queue.pop();
  EXPECT_TRUE(queue.try_push(three));
  EXPECT_EQ(queue.size(), 2U);
}

TEST(SpscQueue, KeepsTheOrderBetweenTwoThreads) {
  SpscQueue<int> queue(64);
  constexpr int kCount = 100'000;
  std::thread pusher([&] {
    for (int i = 1; i <= kCount; ++i) {
      int item = i;
      while (!queue.try_push(item)) std::this_thread::yield();
    }
  });
  for (int expected = 1; expected <= kCount;) {
    if (const int* item = queue.front()) {
      ASSERT_EQ(*item, expected++);
      queue.pop();
    } else {
      std::this_thread::yield();
    }
  }
  pusher.join();
}

}  // namespace
}  // namespace mexport::base
