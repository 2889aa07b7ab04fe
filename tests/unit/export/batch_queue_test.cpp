// SPDX-License-Identifier: MIT
#include "export/batch_queue.hpp"

#include "tests/unit/export/batches.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace mexport::exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(BatchQueue, HandsBatchesOnInOrder) {
  BatchQueue queue(1 << 20);
  queue.push(testing::make_batch(1, 1));
  queue.push(testing::make_batch(2, 2));
  EXPECT_GT(queue.bytes(), 0U);
  EXPECT_EQ(queue.pop(milliseconds(0))->batch->events[0].sequence, 1U);
  EXPECT_EQ(queue.pop(milliseconds(0))->batch->events[0].sequence, 2U);
  EXPECT_FALSE(queue.pop(milliseconds(0)));
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(BatchQueue, TellsOfALossInItsPlace) {
  const auto batch = testing::make_batch(1, 10);
  BatchQueue queue(batch->lines.size());
  queue.push(batch);
  queue.push(testing::make_batch(11, 20));
  queue.push(testing::make_batch(21, 30));
  auto item = queue.pop(milliseconds(0));
  EXPECT_TRUE(item->lost.empty());
  queue.push(testing::make_batch(31, 31));
  item = queue.pop(milliseconds(0));
  ASSERT_EQ(item->lost.ranges().size(), 1U);
  EXPECT_EQ(item->lost.ranges()[0].from, 11U);
  EXPECT_EQ(item->lost.ranges()[0].to, 30U);
  EXPECT_EQ(item->batch->events[0].sequence, 31U);
  EXPECT_EQ(queue.lost()[0][static_cast<std::size_t>(monitor::LossReason::sink_queue_full)], 20U);
}

TEST(BatchQueue, TellsOfALossThatNothingFollows) {
  const auto batch = testing::make_batch(1, 10);
  BatchQueue queue(batch->lines.size());
  queue.push(batch);
  queue.push(testing::make_batch(11, 20));
  queue.pop(milliseconds(0));
  const auto item = queue.pop(milliseconds(0));
  ASSERT_TRUE(item);
  EXPECT_EQ(item->batch, nullptr);
  EXPECT_FALSE(item->lost.empty());
  EXPECT_FALSE(queue.pop(milliseconds(0)));
}

TEST(BatchQueue, TakesOneBatchOfAnySize) {
  BatchQueue queue(1);
  queue.push(testing::make_batch(1, 100));
  EXPECT_TRUE(queue.pop(milliseconds(0)));
}

TEST(BatchQueue, CloseAndInterruptEndTheWaiting) {
  BatchQueue queue(1 << 20);
  const auto begin = std::chrono::steady_clock::now();
  std::thread waker([&] { queue.interrupt(); });
  EXPECT_FALSE(queue.pop(seconds(60)));
  waker.join();
  queue.push(testing::make_batch(1, 1));
  queue.close();
  EXPECT_TRUE(queue.closed());
  EXPECT_TRUE(queue.pop(seconds(60))) << "what waits is still handed out";
  EXPECT_FALSE(queue.pop(seconds(60)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(30));
}

}  // namespace
}  // namespace mexport::exporter
