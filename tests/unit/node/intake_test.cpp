// SPDX-License-Identifier: MIT
#include "node/intake.hpp"

#include "tests/unit/ipfs/fake_connection.hpp"
#include "tests/unit/ipfs/test_runtime.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

namespace mexport::node {
namespace {

using namespace std::chrono_literals;

struct FilledSink final : monitor::ObservationSink {
  void submit(monitor::Fact&&) noexcept override {}
  void begin_batch(base::SteadyTime) noexcept override {}
  void end_batch() noexcept override {}
  std::size_t waiting() const noexcept override { return filled; }

  std::size_t filled = 0;
};

class IntakeTest : public testing::Test {
 protected:
  ipfs::TestRuntime runtime;
  FilledSink sink;
  LongMessages long_messages{{&sink}, 300};
  Intake intake{runtime,
                sink,
                long_messages,
                {.waiting = 8000,
                 .always = 100,
                 .look = 5ms,
                 .turn = 300ms,
                 .pace = 1000,
                 .slow = 800,
                 .patience = 1s}};
  ipfs::FakeConnection a;
  ipfs::FakeConnection b;
  ipfs::FakeConnection c;
  monitor::WaitingBytes waiting;
};

TEST_F(IntakeTest, AConnectionMayFillAnEighthOfWhatIsFree) {
  waiting.add(1000);
  intake.recorded(a, waiting);
  EXPECT_TRUE(a.reading);
  waiting.add(1);
  intake.recorded(a, waiting);
  EXPECT_FALSE(a.reading);
  runtime.advance(100ms);
  EXPECT_FALSE(a.reading);
  waiting.take(500);
  runtime.advance(5ms);
  EXPECT_TRUE(a.reading);
  EXPECT_EQ(intake.counters().paused_for_share.value(), 1U);
}

TEST_F(IntakeTest, SomeIsAlwaysAllowed) {
  sink.filled = 100'000;
  waiting.add(100);
  intake.recorded(a, waiting);
  EXPECT_TRUE(a.reading);
  waiting.add(1);
  intake.recorded(a, waiting);
  EXPECT_FALSE(a.reading);
}

TEST_F(IntakeTest, NoPauseOutlastsPatience) {
  waiting.add(2000);
  intake.recorded(a, waiting);
  intake.recorded(a, waiting);
  runtime.advance(999ms);
  EXPECT_FALSE(a.reading);
  runtime.advance(10ms);
  EXPECT_TRUE(a.reading);
}

TEST_F(IntakeTest, LongMessagesComeInTurn) {
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 300);
  intake.long_message(c, 0, 50);
  EXPECT_TRUE(a.reading);
  EXPECT_FALSE(b.reading);
  EXPECT_FALSE(c.reading) << "b was first";
  intake.long_message(a, 0, 400);
  EXPECT_TRUE(a.reading) << "has its turn";
  intake.long_message(a, 400, 0);
  intake.long_message(a, 400, 0);
  sink.filled = 301;  // the message of a
  runtime.advance(5ms);
  EXPECT_FALSE(b.reading);
  sink.filled = 0;
  runtime.advance(5ms);
  EXPECT_TRUE(b.reading);
  EXPECT_TRUE(c.reading);
  EXPECT_EQ(intake.counters().paused_for_long_message.value(), 2U);
}

TEST_F(IntakeTest, WhoDoesNotGoOnHasItsTurnTaken) {
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 400);
  intake.long_message(c, 0, 400);
  runtime.advance(299ms);
  EXPECT_FALSE(b.reading);
  runtime.advance(5ms);
  EXPECT_TRUE(b.reading);
  EXPECT_TRUE(a.reading);
  EXPECT_FALSE(c.reading);
  intake.long_message(a, 400, 0);
  runtime.advance(5ms);
  EXPECT_FALSE(c.reading) << "b has its turn";
  intake.long_message(b, 400, 0);
  runtime.advance(5ms);
  EXPECT_TRUE(c.reading);
}

// 1000 bytes per second are 300 in each turn.
TEST_F(IntakeTest, WhoKeepsPaceKeepsItsTurn) {
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 400);
  a.bytes_in += 300;
  runtime.advance(305ms);
  EXPECT_FALSE(b.reading);
  a.bytes_in += 299;
  runtime.advance(305ms);
  EXPECT_TRUE(b.reading);
}

TEST_F(IntakeTest, OtherBytesDoNotKeepATurnForever) {
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 400);
  for (int i = 0; i < 2; ++i) {
    a.bytes_in += 100'000;
    runtime.advance(310ms);
    EXPECT_FALSE(b.reading);
  }
  a.bytes_in += 100'000;
  runtime.advance(310ms);
  EXPECT_TRUE(b.reading) << "400 bytes take no longer than 0.7 s";
}

TEST_F(IntakeTest, OfMessagesThatStopOnlySomeAreKept) {
  std::array<ipfs::FakeConnection, 4> slow;
  for (auto& connection : slow) intake.long_message(connection, 0, 400);
  runtime.advance(310ms);
  runtime.advance(310ms);
  EXPECT_FALSE(slow[0].closed) << "two may go on";
  runtime.advance(310ms);
  EXPECT_TRUE(slow[0].closed);
  EXPECT_FALSE(slow[1].closed);
  runtime.advance(310ms);
  EXPECT_FALSE(slow[1].closed) << "nobody waits for the last one";
  intake.long_message(a, 0, 400);
  runtime.advance(310ms);
  EXPECT_TRUE(slow[1].closed);
  EXPECT_FALSE(slow[2].closed);
  EXPECT_FALSE(slow[3].closed);
  EXPECT_EQ(intake.counters().closed_for_slow_messages.value(), 2U);
}

TEST_F(IntakeTest, WhileItWaitsALongMessageGetsNoWindow) {
  sink.filled = 500;
  intake.long_message(a, 0, 400);
  EXPECT_FALSE(a.reading);
  EXPECT_FALSE(a.granting);
  runtime.advance(1005ms);
  EXPECT_TRUE(a.reading) << "keep-alives do not wait for longer";
  EXPECT_FALSE(a.granting);
  sink.filled = 0;
  runtime.advance(5ms);
  EXPECT_TRUE(a.granting);
}

TEST_F(IntakeTest, ALongMessageMayEndInTheWindowItHas) {
  sink.filled = 500;
  intake.long_message(a, 0, 400);
  runtime.advance(1005ms);
  intake.long_message(a, 400, 0);
  EXPECT_TRUE(a.reading);
  EXPECT_TRUE(a.granting);
  runtime.advance(10ms);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
}

TEST_F(IntakeTest, ALongMessageWaitsAsLongAsItWouldTakeAtItsPace) {
  sink.filled = 500;
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 400);
  runtime.advance(1395ms);
  EXPECT_FALSE(a.granting);
  runtime.advance(10ms);
  EXPECT_TRUE(a.granting);
  EXPECT_FALSE(b.granting) << "one after the other";
  runtime.advance(295ms);
  EXPECT_FALSE(b.granting);
  runtime.advance(10ms);
  EXPECT_TRUE(b.granting);
}

TEST_F(IntakeTest, LongMessagesOfAllShardsTakeTurns) {
  Intake other{runtime, sink, long_messages};
  intake.long_message(a, 0, 400);
  other.long_message(b, 0, 400);
  EXPECT_FALSE(b.reading);
  intake.long_message(a, 400, 0);
  runtime.advance(5ms);
  EXPECT_TRUE(b.reading);
  other.disconnected(b);
}

TEST_F(IntakeTest, WhoStopsHoldsNobodyUpOnOtherShards) {
  Intake other{runtime, sink, long_messages};
  intake.long_message(a, 0, 400);
  other.long_message(b, 0, 400);
  runtime.advance(310ms);
  runtime.advance(5ms);
  EXPECT_TRUE(b.granting);
  other.disconnected(b);
  intake.disconnected(a);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
}

TEST_F(IntakeTest, WhoeverLeavesGivesItsPlaceBack) {
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 400);
  intake.long_message(c, 0, 400);
  waiting.add(2000);
  intake.recorded(b, waiting);
  intake.disconnected(b);
  EXPECT_TRUE(b.reading);
  intake.disconnected(a);
  runtime.advance(5ms);
  EXPECT_TRUE(c.reading);
  intake.disconnected(c);
  runtime.advance(10ms);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
}

TEST_F(IntakeTest, BothReasonsMustHaveGone) {
  intake.long_message(a, 0, 400);
  intake.long_message(b, 0, 400);
  waiting.add(2000);
  intake.recorded(b, waiting);
  intake.long_message(a, 400, 0);
  runtime.advance(5ms);
  EXPECT_FALSE(b.reading);
  waiting.take(2000);
  runtime.advance(5ms);
  EXPECT_TRUE(b.reading);
}

}  // namespace
}  // namespace mexport::node
