// SPDX-License-Identifier: MIT
#include "export/amqp/body.hpp"

#include "tests/unit/export/batches.hpp"
#include "tests/unit/export/unpacked.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mexport::exporter::amqp {
namespace {

using exporter::testing::unpacked;
using monitor::EventKind;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const base::WallTime kMade{std::chrono::seconds(1'795'379'313)};

std::vector<SpooledBody> bodies_of(const Batch& batch, Fields fields = Fields::reference) {
  BodyMaker maker(fields, "mon", "run");
  std::vector<SpooledBody> bodies;
  maker.add(batch, kMade, bodies);
  return bodies;
}

/// Events of two batches in turn.
Batch mixed() {
  Batch batch;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    for (const auto kind :
         {EventKind::bitswap_message, EventKind::connection_event, EventKind::heartbeat}) {
      const auto one = exporter::testing::make_batch(i, i, kind);
      auto event = one->events.front();
      event.offset = static_cast<std::uint32_t>(batch.lines.size());
      batch.lines += one->lines;
      batch.events.push_back(event);
    }
  }
  return batch;
}

TEST(AmqpBody, WhatWeSentHasARoutingKeyOfItsOwnWhereItIsWanted) {
  const auto batch = exporter::testing::make_batch(1, 2, EventKind::bitswap_sent);
  EXPECT_TRUE(bodies_of(*batch).empty());
  const std::array kinds{EventKind::bitswap_message, EventKind::bitswap_sent};
  BodyMaker maker(Fields::reference, "mon", "run", kinds);
  std::vector<SpooledBody> bodies;
  maker.add(*batch, kMade, bodies);
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_EQ(bodies[0].routing_key, "monitor.mon.bitswap_sent");
  EXPECT_EQ(bodies[0].events, 2U);
}

TEST(AmqpBody, IsOneArrayInOneMember) {
  const auto bodies = bodies_of(*exporter::testing::make_batch(7, 8));
  ASSERT_EQ(bodies.size(), 1U);
  const auto& body = bodies.front();
  EXPECT_EQ(base::to_hex(base::ByteView(body.body).first(10)), "1f8b08000000000000ff");
  const auto text = unpacked(body.body);
  EXPECT_EQ(text, R"([{"timestamp":"2026-11-22T20:00:00Z","peer":"p","bitswap_message":{}},)"
                  R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","bitswap_message":{}}])"
                  "\n");
  EXPECT_EQ(body.routing_key, "monitor.mon.bitswap_messages");
  EXPECT_EQ(body.run_id, "run");
  EXPECT_EQ(body.first, 7U);
  EXPECT_EQ(body.last, 8U);
  EXPECT_EQ(body.events, 2U);
  EXPECT_EQ(body.uncompressed, text.size());
  EXPECT_EQ(body.made, kMade);
}

TEST(AmqpBody, HoldsEventsOfOneKind) {
  const auto bodies = bodies_of(mixed());
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_EQ(bodies[0].routing_key, "monitor.mon.bitswap_messages");
  EXPECT_EQ(bodies[1].routing_key, "monitor.mon.conn_events");
  EXPECT_THAT(unpacked(bodies[0].body), Not(HasSubstr("connection_event")));
  EXPECT_THAT(unpacked(bodies[1].body), Not(HasSubstr("bitswap_message")));
  for (const auto& body : bodies) {
    EXPECT_EQ(body.first, 1U);
    EXPECT_EQ(body.last, 3U);
    EXPECT_EQ(body.events, 3U);
  }
}

TEST(AmqpBody, LeavesOutWhatConsumersEndAt) {
  for (const auto kind :
       {EventKind::identify_event, EventKind::heartbeat, EventKind::gap, EventKind::run_info}) {
    EXPECT_TRUE(bodies_of(*exporter::testing::make_batch(1, 2, kind)).empty());
    EXPECT_EQ(routing_key("mon", kind), "");
  }
}

TEST(AmqpBody, ShowsOurFieldsWhenAsked) {
  const auto bodies = bodies_of(*exporter::testing::make_batch(1, 1), Fields::extended);
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_THAT(unpacked(bodies[0].body), EndsWith(R"("ext":{"seq":1}}])"
                                                 "\n"));
}

TEST(AmqpBody, StandsForItself) {
  BodyMaker maker(Fields::reference, "mon", "run");
  std::vector<SpooledBody> bodies;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    maker.add(*exporter::testing::make_batch(i, i + i * i), kMade, bodies);
  }
  ASSERT_EQ(bodies.size(), 20U);
  for (const auto& body : bodies) {
    const auto text = unpacked(body.body);
    EXPECT_EQ(text.size(), body.uncompressed);
    EXPECT_THAT(text, StartsWith("[{"));
    EXPECT_THAT(text, EndsWith("}]\n"));
  }
}

}  // namespace
}  // namespace mexport::exporter::amqp
