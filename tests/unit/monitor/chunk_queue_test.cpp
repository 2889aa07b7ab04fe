// SPDX-License-Identifier: MIT
#include "monitor/chunk_queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace mexport::monitor {
namespace {

TEST(ChunkQueue, KeepsTheOrderOverManyChunks) {
  ChunkQueue<int, 4> queue;
  int next = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 7; ++i) queue.push(round * 7 + i);
    for (int i = 0; i < 7; ++i) {
      ASSERT_NE(queue.front(), nullptr);
      EXPECT_EQ(*queue.front(), next++);
      queue.pop();
    }
    EXPECT_EQ(queue.front(), nullptr);
  }
}

TEST(ChunkQueue, FreesWhatWasPopped) {
  ChunkQueue<std::shared_ptr<int>, 4> queue;
  auto value = std::make_shared<int>(1);
  queue.push(std::shared_ptr<int>(value));
  EXPECT_EQ(value.use_count(), 2);
  ASSERT_NE(queue.front(), nullptr);
  queue.pop();
  EXPECT_EQ(value.use_count(), 1);
}

TEST(ChunkQueue, FreesWhatIsLeftInIt) {
  auto value = std::make_shared<int>(1);
  {
    ChunkQueue<std::shared_ptr<int>, 4> queue;
    for (int i = 0; i < 11; ++i) queue.push(std::shared_ptr<int>(value));
  }
  EXPECT_EQ(value.use_count(), 1);
}

TEST(ChunkQueue, CarriesAcrossThreads) {
  constexpr int kItems = 200'000;
  ChunkQueue<int, 64> queue;
  std::thread writer([&] {
    for (int i = 0; i < kItems; ++i) queue.push(int(i));
  });
  for (int expected = 0; expected < kItems;) {
    const int* item = queue.front();
    if (!item) continue;
    ASSERT_EQ(*item, expected++);
    queue.pop();
  }
  writer.join();
}

}  // namespace
}  // namespace mexport::monitor
