// SPDX-License-Identifier: MIT
#include "export/export_stage.hpp"

#include "export/large_event.hpp"
#include "export/trace_line.hpp"
#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using monitor::EventKind;
using monitor::testing::at_ms;
using std::chrono::milliseconds;

class ExportStageTest : public ::testing::Test {
 protected:
  ExportStageTest() {
    stage_.add(first_);
    stage_.add(second_);
  }

  /// "kind:sequence" of each event handed on so far.
  std::vector<std::string> events() const {
    std::vector<std::string> out;
    for (const auto& batch : batches_) {
      for (const auto& event : batch->events) {
        out.push_back(std::string(to_string(event.kind)) + ":" + std::to_string(event.sequence));
      }
    }
    return out;
  }
  std::string lines() const {
    std::string out;
    for (const auto& batch : batches_) out += batch->lines;
    return out;
  }

  monitor::testing::ManualClock clock_;
  monitor::WakeUp wake_up_;
  monitor::ObservationQueue first_{{.facts = 4, .bytes = 1 << 20}, wake_up_};
  monitor::ObservationQueue second_{{.facts = 4, .bytes = 1 << 20}, wake_up_};
  std::vector<BatchPtr> batches_;
  ExportStage stage_{{.batch = {.bytes = 1 << 20, .events = 3}, .peer = "us"},
                     clock_,
                     [this](BatchPtr batch) { batches_.push_back(std::move(batch)); }};
};

/// A message of `count` different wants.
monitor::BitswapMessageReceived long_message(std::int64_t ms, std::uint32_t count) {
  monitor::testing::MessageBuilder builder;
  for (std::uint32_t i = 0; i < count; ++i) builder.want(i, 1, 0);
  auto fact = monitor::testing::received(ms);
  fact.message = builder.build();
  return fact;
}

TEST_F(ExportStageTest, ALargeEventIsEncodedWhenItIsWritten) {
  constexpr std::uint32_t kEntries = 3000;
  first_.submit(monitor::testing::received(1));
  first_.submit(long_message(2, kEntries));
  first_.submit(monitor::testing::received(3));
  clock_.advance(milliseconds(100));
  stage_.run(clock_.now(), true);
  stage_.flush();
  EXPECT_EQ(events(), (std::vector<std::string>{"bitswap_message:1", "bitswap_message:2",
                                                "bitswap_message:3"}));
  ASSERT_EQ(batches_.size(), 3U);
  ASSERT_TRUE(batches_[1]->large);
  EXPECT_TRUE(batches_[1]->lines.empty());
  EXPECT_GE(batches_[1]->memory_size(), kLargeFact);
  EXPECT_GE(first_.waiting(), kLargeFact) << "as long as it is held";

  std::string text;
  std::size_t pieces = 0;
  ASSERT_TRUE(batches_[1]->large->write([&](std::string_view piece) -> base::Status {
    EXPECT_LE(piece.size(), 2 * EventEncoder::kPieceSize);
    ++pieces;
    text += piece;
    return {};
  }));
  EXPECT_GT(pieces, 3U);
  const auto whole = with_text(batches_[1]);
  EXPECT_EQ(text, whole->lines);
  EXPECT_TRUE(whole->extended(whole->events[0]).ends_with("}}"));
  std::string reference;
  whole->append_reference(whole->events[0], reference);
  EXPECT_TRUE(reference.ends_with("]}}")) << reference.substr(reference.size() - 20);
  EXPECT_EQ(with_text(batches_[0]), batches_[0]);

  const auto failed = std::make_error_code(std::errc::no_space_on_device);
  pieces = 0;
  EXPECT_EQ(batches_[1]->large->write([&](std::string_view) -> base::Status {
    ++pieces;
    return base::fail(failed);
  }),
            base::fail(failed));
  EXPECT_EQ(pieces, 1U);
  batches_.clear();
  EXPECT_EQ(first_.waiting(), 0U);
}

TEST_F(ExportStageTest, NumbersAndBatchesInOrderOfTime) {
  first_.submit(monitor::testing::connected(1));
  first_.submit(monitor::testing::received(3));
  second_.submit(monitor::testing::received(2));
  second_.submit(monitor::testing::received(4));
  clock_.advance(milliseconds(100));
  const auto progress = stage_.run(clock_.now(), false);
  EXPECT_TRUE(progress.worked);
  EXPECT_FALSE(progress.more);
  ASSERT_EQ(batches_.size(), 1U) << "three events make a batch";
  stage_.flush();
  EXPECT_EQ(events(), (std::vector<std::string>{"connection_event:1", "bitswap_message:1",
                                                "bitswap_message:2", "bitswap_message:3"}));
  EXPECT_EQ(batches_[0]->first, clock_.wall_now() - milliseconds(99));
  EXPECT_EQ(stage_.counters().events[0].value(), 3U);
  EXPECT_EQ(stage_.counters().bytes.value(), lines().size());
}

TEST_F(ExportStageTest, HandsOnWhatIsOld) {
  first_.submit(monitor::testing::received(1));
  clock_.advance(milliseconds(10));
  stage_.run(clock_.now(), false);
  EXPECT_EQ(stage_.due(), at_ms(210));
  clock_.advance(milliseconds(199));
  stage_.run(clock_.now(), false);
  EXPECT_TRUE(batches_.empty());
  clock_.advance(milliseconds(1));
  stage_.run(clock_.now(), false);
  EXPECT_EQ(batches_.size(), 1U);
}

TEST_F(ExportStageTest, DrainsWhatIsTooYoung) {
  first_.submit(monitor::testing::received(0));
  EXPECT_FALSE(stage_.run(clock_.now(), false).worked);
  EXPECT_FALSE(stage_.idle());
  EXPECT_TRUE(stage_.run(clock_.now(), true).worked);
  EXPECT_TRUE(stage_.idle());
}

TEST_F(ExportStageTest, ALossAdvancesTheSequenceAndIsAGap) {
  for (int i = 1; i <= 6; ++i) first_.submit(monitor::testing::received(i));
  stage_.run(clock_.now(), true);
  first_.submit(monitor::testing::received(7));
  stage_.run(clock_.now(), true);
  stage_.flush();
  EXPECT_EQ(events(),
            (std::vector<std::string>{"bitswap_message:1", "bitswap_message:2", "bitswap_message:3",
                                      "bitswap_message:4", "gap:1", "bitswap_message:7"}));
  EXPECT_NE(lines().find(R"("gap":{"kind":"bitswap_message","from":5,"to":6,"count":2,)"
                         R"("reason":"queue_full"})"),
            std::string::npos);
  const auto& losses = batches_.at(1)->losses;
  ASSERT_EQ(losses.size(), 1U);
  EXPECT_EQ(losses[0].from, 5U);
  EXPECT_EQ(stage_.lost()[0][0], 2U);
}

TEST_F(ExportStageTest, AHeartbeatStandsBetweenWhatCameBeforeAndAfterIt) {
  first_.submit(monitor::testing::received(1));
  clock_.advance(milliseconds(100));
  stage_.run(clock_.now(), false);
  first_.submit(monitor::testing::received(97));  // too young to be out yet
  stage_.heartbeat({});
  clock_.advance(milliseconds(100));
  stage_.run(clock_.now(), false);
  stage_.flush();
  EXPECT_EQ(events(),
            (std::vector<std::string>{"bitswap_message:1", "heartbeat:1", "bitswap_message:2"}));
  std::int64_t last = 0;
  const auto text = lines();
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const auto line = parse_trace_line(std::string_view(text).substr(at, text.find('\n', at) - at));
    ASSERT_TRUE(line);
    const auto timestamp = parse_timestamp(line->timestamp);
    ASSERT_TRUE(timestamp);
    EXPECT_GE(*timestamp, last);
    last = *timestamp;
  }
  EXPECT_NE(text.find(R"("events":{"bitswap_message":1,"heartbeat":1})"), std::string::npos);
}

TEST_F(ExportStageTest, CountsUnknownEnumValues) {
  first_.submit(monitor::testing::received(
      1, monitor::testing::MessageBuilder().want(1, 1, 2).presence(1, 9).build()));
  stage_.run(clock_.now(), true);
  EXPECT_EQ(stage_.counters().unknown_want_types.value(), 1U);
  EXPECT_EQ(stage_.counters().unknown_presence_types.value(), 1U);
}

TEST(ExportStage, LooksUpFromTimeToTime) {
  monitor::testing::ManualClock clock;
  monitor::WakeUp wake_up;
  monitor::ObservationQueue queue({}, wake_up);
  std::size_t events = 0;
  ExportStage stage({}, clock, [&](const BatchPtr& batch) { events += batch->events.size(); });
  stage.add(queue);
  for (std::size_t i = 0; i < ExportStage::kFactsPerRun + 10; ++i) {
    queue.submit(monitor::testing::connected(1));
  }
  EXPECT_TRUE(stage.run(clock.now(), true).more);
  EXPECT_FALSE(stage.run(clock.now(), true).more);
  stage.flush();
  EXPECT_EQ(events, ExportStage::kFactsPerRun + 10);
}

}  // namespace
}  // namespace mexport::exporter
