// SPDX-License-Identifier: MIT
#include "export/trace_stage.hpp"

#include "export/large_event.hpp"
#include "export/trace_files.hpp"
#include "export/trace_line.hpp"
#include "tests/unit/export/batches.hpp"
#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"
#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mexport::exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::make_batch;

/// A stage that is stepped by hand, with room for one batch in its queue.
class TraceStageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(stage_.prepare());
    ASSERT_TRUE(stage_.open(context_));
  }
  void step(int times = 1) {
    for (int i = 0; i < times; ++i) (void)stage_.step(milliseconds(0));
  }
  void finish() {
    stage_.queue().close();
    for (int i = 0; i < 100; ++i) {
      if (stage_.step(milliseconds(0)) == TraceStage::Progress::ended) break;
    }
    stage_.end();
  }
  /// The next operation of this name fails, once.
  void fail_next(std::string_view failing) {
    disk_.set_fault(
        [failing, failed = false](std::string_view operation, const std::string&) mutable {
          if (operation != failing || std::exchange(failed, true)) return std::error_code();
          return std::make_error_code(std::errc::io_error);
        });
  }
  /// Of the events of a kind in all files, in their order.
  std::vector<std::string> timestamps(std::string_view kind) {
    std::vector<std::string> out;
    const auto files = list_traces(disk_, "/t");
    for (const auto& file : files.value_or(std::vector<std::string>())) {
      for (const auto& text : testing::read_trace(disk_, file).lines) {
        const auto line = parse_trace_line(text);
        if (line && line->kind == kind) out.emplace_back(line->timestamp);
      }
    }
    return out;
  }

  monitor::testing::ManualClock clock_;
  testing::MemoryDisk disk_;
  testing::FakeContext context_;
  TraceStage stage_{
      {.directory = "/t", .retry_interval = milliseconds(0), .queue_bytes = 1}, clock_, disk_, {}};
};

// Events 2 to 5 are lost. What follows them spans ten seconds, and has to be written again after
// its flush has failed: the gap then stands before events that are older than the newest written.
TEST_F(TraceStageTest, AGapThatIsWrittenAgainIsNoNewerThanWhatFollows) {
  stage_.queue().push(make_batch(1, 1));
  stage_.queue().push(make_batch(2, 5));
  step();
  auto late = std::make_shared<Batch>(*make_batch(6, 7));
  late->last += seconds(10);
  stage_.queue().push(late);
  step();
  fail_next("sync");
  step();
  EXPECT_EQ(stage_.statistics().errors, 1U);
  finish();
  EXPECT_EQ(timestamps("bitswap_message").size(), 3U);
  EXPECT_EQ(timestamps("gap"), std::vector<std::string>{"2026-11-22T20:00:00Z"});
}

/// 100,000 wants take more than a MiB.
BatchPtr large_batch() {
  monitor::testing::MessageBuilder builder;
  for (std::uint32_t i = 0; i < 100'000; ++i) builder.want(i, 1, 0);
  auto fact = monitor::testing::received(1);
  fact.message = builder.build();
  auto batch = std::make_shared<Batch>(*make_batch(1, 1));
  batch->lines.clear();
  batch->large = std::make_shared<LargeEvent>(
      EventEncoder::Options(), monitor::TakenFact{.fact = std::move(fact), .weight = {}},
      batch->first, 1);
  return batch;
}

// Their peers wait until it is done.
TEST(LargeEvents, AreSafeAtOnce) {
  monitor::testing::ManualClock clock;
  testing::MemoryDisk disk;
  testing::FakeContext context;
  TraceStage stage({.directory = "/t"}, clock, disk, {});
  ASSERT_TRUE(stage.prepare());
  ASSERT_TRUE(stage.open(context));
  const auto written = [&] {
    return stage.statistics()
        .written[static_cast<std::size_t>(monitor::EventKind::bitswap_message)];
  };
  stage.queue().push(make_batch(1, 1));
  for (int i = 0; i < 3; ++i) (void)stage.step(milliseconds(0));
  EXPECT_EQ(written(), 0U) << "not before its time";
  auto large = large_batch();
  const std::weak_ptr<const Batch> held = large;
  stage.queue().push(std::move(large));
  for (int i = 0; i < 2; ++i) (void)stage.step(milliseconds(0));
  EXPECT_EQ(written(), 2U);
  EXPECT_TRUE(held.expired());
  stage.end();
}

}  // namespace
}  // namespace mexport::exporter
