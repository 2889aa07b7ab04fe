// SPDX-License-Identifier: MIT
#include "export/batch_builder.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mexport::exporter {
namespace {

using monitor::EventKind;
using monitor::testing::at_ms;

base::WallTime wall_ms(std::int64_t ms) {
  return base::WallTime(std::chrono::milliseconds(ms));
}

void add(BatchBuilder& builder, std::uint64_t sequence, std::int64_t ms) {
  builder.text().append(R"({"a":1,"ext":{}})");
  builder.commit(EventKind::bitswap_message, sequence, 6, wall_ms(ms));
}

TEST(BatchBuilder, IndexesItsEvents) {
  BatchBuilder builder({});
  EXPECT_TRUE(builder.empty());
  EXPECT_EQ(builder.take(), nullptr);
  add(builder, 1, 10);
  add(builder, 2, 20);
  const auto batch = builder.take();
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->lines, "{\"a\":1,\"ext\":{}}\n{\"a\":1,\"ext\":{}}\n");
  ASSERT_EQ(batch->events.size(), 2U);
  EXPECT_EQ(batch->events[1].sequence, 2U);
  EXPECT_EQ(batch->first, wall_ms(10));
  EXPECT_EQ(batch->last, wall_ms(20));
  EXPECT_EQ(batch->extended(batch->events[1]), R"({"a":1,"ext":{}})");
  std::string reference;
  batch->append_reference(batch->events[1], reference);
  EXPECT_EQ(reference, R"({"a":1})");
  EXPECT_EQ(builder.take(), nullptr);
}

TEST(BatchBuilder, HandsOnNoRoomForWhatDidNotCome) {
  BatchBuilder builder({});
  add(builder, 1, 10);
  EXPECT_LT(builder.take()->lines.capacity(), 100U);
}

TEST(BatchBuilder, BeginsAnew) {
  BatchBuilder builder({});
  add(builder, 1, 10);
  const auto first = builder.take();
  add(builder, 2, 20);
  const auto second = builder.take();
  EXPECT_EQ(first->events[0].sequence, 1U);
  EXPECT_EQ(second->events[0].sequence, 2U);
  EXPECT_EQ(second->events[0].offset, 0U);
}

TEST(BatchBuilder, IsFullByBytesAndByEvents) {
  BatchBuilder by_events({.bytes = 1 << 20, .events = 2});
  add(by_events, 1, 10);
  EXPECT_FALSE(by_events.full());
  add(by_events, 2, 20);
  EXPECT_TRUE(by_events.full());
  BatchBuilder by_bytes({.bytes = 20, .events = 100});
  add(by_bytes, 1, 10);
  EXPECT_FALSE(by_bytes.full());
  add(by_bytes, 2, 20);
  EXPECT_TRUE(by_bytes.full());
}

TEST(BatchBuilder, IsDueByItsAge) {
  BatchBuilder builder({.age = std::chrono::milliseconds(200)});
  builder.begin_age(at_ms(0));
  EXPECT_FALSE(builder.due()) << "nothing is in it";
  add(builder, 1, 10);
  builder.begin_age(at_ms(100));
  builder.begin_age(at_ms(150));
  EXPECT_EQ(builder.due(), at_ms(300));
  builder.take();
  EXPECT_FALSE(builder.due());
}

}  // namespace
}  // namespace mexport::exporter
