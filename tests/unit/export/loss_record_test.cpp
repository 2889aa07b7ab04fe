// SPDX-License-Identifier: MIT
#include "export/loss_record.hpp"

#include "tests/unit/export/batches.hpp"

#include <gtest/gtest.h>

namespace mexport::exporter {
namespace {

using monitor::EventKind;
using monitor::LossReason;

TEST(LossRecord, CoversABatch) {
  LossRecord record;
  EXPECT_TRUE(record.empty());
  record.add(*testing::make_batch(5, 9), LossReason::sink_queue_full);
  ASSERT_FALSE(record.empty());
  const auto ranges = record.ranges();
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_EQ(ranges[0].from, 5U);
  EXPECT_EQ(ranges[0].to, 9U);
  EXPECT_EQ(ranges[0].count(), 5U);
  EXPECT_EQ(ranges[0].reason, LossReason::sink_queue_full);
  record.clear();
  EXPECT_TRUE(record.empty());
}

TEST(LossRecord, CoversWhatTheBatchReportsAsLost) {
  auto batch = std::make_shared<Batch>(*testing::make_batch(11, 12));
  batch->losses.push_back({.kind = EventKind::bitswap_message, .from = 5, .to = 10});
  batch->losses.push_back({.kind = EventKind::connection_event, .from = 1, .to = 1});
  LossRecord record;
  record.add(*batch, LossReason::sink_queue_full);
  const auto ranges = record.ranges();
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0].from, 5U);
  EXPECT_EQ(ranges[0].to, 12U);
  EXPECT_EQ(ranges[1].kind, EventKind::connection_event);
}

TEST(LossRecord, JoinsWhatFollows) {
  LossRecord record;
  record.add(*testing::make_batch(1, 2), LossReason::sink_queue_full);
  LossRecord later;
  later.add(*testing::make_batch(3, 4), LossReason::disk_error);
  record.add(later);
  ASSERT_EQ(record.ranges().size(), 1U);
  EXPECT_EQ(record.ranges()[0].from, 1U);
  EXPECT_EQ(record.ranges()[0].to, 4U);
}

TEST(LossRecord, CountsEvents) {
  monitor::LossTable table{};
  count_lost(*testing::make_batch(5, 9), LossReason::disk_error, table);
  EXPECT_EQ(table[static_cast<std::size_t>(EventKind::bitswap_message)]
                 [static_cast<std::size_t>(LossReason::disk_error)],
            5U);
}

}  // namespace
}  // namespace mexport::exporter
