// SPDX-License-Identifier: MIT
#include "export/pipeline.hpp"

#include "export/pipeline_core.hpp"
#include "export/system_disk.hpp"
#include "export/trace_sink.hpp"
#include "export/trace_stat.hpp"
#include "export/trace_verify.hpp"
#include "tests/unit/export/temporary_directory.hpp"
#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mexport::exporter {
namespace {

using monitor::EventKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kBitswap = static_cast<std::size_t>(EventKind::bitswap_message);
constexpr auto kHeartbeat = static_cast<std::size_t>(EventKind::heartbeat);

class FakeHost final : public monitor::Host {
 public:
  monitor::HostStatistics statistics() override {
    monitor::HostStatistics statistics;
    statistics.connections_inbound = 42;
    return statistics;
  }
  std::vector<std::string> peer_ids() const override { return {"12D3KooWUs"}; }
  std::vector<std::string> listen_addrs() const override { return {"/ip4/127.0.0.1/tcp/4001"}; }
};

/// Keeps what it gets. Read it after stop().
class KeepingSink final : public Sink {
 public:
  std::string_view name() const override { return "keeping"; }
  base::Status start(const SinkContext& context) override {
    context_ = &context;
    info_ = context.run_info();
    return start_status_;
  }
  void submit(BatchPtr batch) noexcept override { batches_.push_back(std::move(batch)); }
  void stop(std::chrono::steady_clock::time_point) override { ++stops_; }
  void reopen() override { ++reopens_; }
  SinkStatistics statistics() const override { return {}; }

  base::Status start_status_;
  const SinkContext* context_ = nullptr;
  monitor::RunInfo info_;
  std::vector<BatchPtr> batches_;
  int stops_ = 0;
  std::atomic<int> reopens_{0};
};

/// The core alone: no thread, time as the test sets it.
TEST(PipelineCore, MayWaitForABatchThatHasBegunWhileFewFactsCome) {
  monitor::testing::ManualClock clock;
  base::SeededRandom random{1};
  FakeHost host;
  PipelineCore core({.batch = {.age = milliseconds(200)},
                     .queue = {.facts = 64, .bytes = 1 << 20},
                     .reorder_margin = milliseconds(0)},
                    clock, random, {});
  auto& source = core.add_source();
  core.add_sink(std::make_unique<KeepingSink>());
  ASSERT_TRUE(core.start(host));
  const auto begun = monitor::testing::at_ms(1000);
  EXPECT_FALSE(core.may_wait(begun));  // nothing has begun
  source.submit(monitor::testing::received(0));
  core.run(begun, false);
  ASSERT_TRUE(core.due());
  EXPECT_TRUE(core.may_wait(begun));
  EXPECT_TRUE(core.may_wait(*core.due() - milliseconds(1)));
  EXPECT_FALSE(core.may_wait(*core.due()));
  for (int i = 0; i < 8; ++i) source.submit(monitor::testing::received(1000));
  EXPECT_TRUE(core.may_wait(begun));
  source.submit(monitor::testing::received(1000));  // more than an eighth of the queue's limit
  EXPECT_FALSE(core.may_wait(begun));
  core.run(monitor::testing::at_ms(1100), false);
  EXPECT_TRUE(core.may_wait(begun));
  monitor::testing::MessageBuilder wants;
  for (std::uint32_t i = 0; i < 200; ++i) wants.want(i, 1, 1);
  source.submit(monitor::testing::received(1000, wants.build()));
  EXPECT_FALSE(core.may_wait(begun)) << "a long one holds memory";
  core.stop_sinks({});
}

class PipelineTest : public ::testing::Test {
 protected:
  KeepingSink& add_sink() {
    auto sink = std::make_unique<KeepingSink>();
    auto& kept = *sink;
    pipeline_.add_sink(std::move(sink));
    return kept;
  }
  bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
  }

  monitor::testing::ManualClock clock_;
  base::SeededRandom random_{1};
  FakeHost host_;
  Pipeline pipeline_{{.queue = {.facts = 256, .bytes = 1 << 20},
                      .version = "1.2.3",
                      .configuration_hash = "abc",
                      .monitor_name = "here"},
                     clock_,
                     random_,
                     {}};
};

TEST_F(PipelineTest, TellsSinksWhoRecords) {
  auto& sink = add_sink();
  ASSERT_TRUE(pipeline_.start(host_));
  pipeline_.stop();
  EXPECT_EQ(sink.info_.version, "1.2.3");
  EXPECT_EQ(sink.info_.configuration_hash, "abc");
  EXPECT_EQ(sink.info_.monitor_name, "here");
  EXPECT_EQ(sink.info_.run_id, pipeline_.run_id());
  EXPECT_EQ(sink.info_.peer_ids, std::vector<std::string>{"12D3KooWUs"});
  EXPECT_EQ(sink.info_.listen_addrs.size(), 1U);
  EXPECT_EQ(sink.info_.started_at, clock_.wall_now());
}

TEST_F(PipelineTest, GivesEachBatchToEverySink) {
  auto& source = pipeline_.add_source();
  auto& first = add_sink();
  auto& second = add_sink();
  source.submit(monitor::testing::received(0));  // before start(): it waits
  ASSERT_TRUE(pipeline_.start(host_));
  source.submit(monitor::testing::received(1));
  pipeline_.stop();
  ASSERT_EQ(first.batches_.size(), 1U);
  EXPECT_EQ(first.batches_, second.batches_);
  EXPECT_EQ(first.batches_[0]->events.size(), 2U);
  EXPECT_EQ(pipeline_.statistics().events[kBitswap], 2U);
  EXPECT_EQ(pipeline_.statistics().bytes, first.batches_[0]->lines.size());
  pipeline_.stop();
  EXPECT_EQ(first.stops_, 1);
}

TEST_F(PipelineTest, TellsAllSinksWhatOneHasLost) {
  const auto& one = add_sink();
  const auto& other = add_sink();
  ASSERT_TRUE(pipeline_.start(host_));
  one.context_->tell_gaps("amqp", {{.range = {.kind = EventKind::connection_event,
                                              .reason = monitor::LossReason::unrouted,
                                              .from = 3,
                                              .to = 4},
                                    .run_id = "earlier"}});
  pipeline_.stop();
  for (const auto* sink : {&one, &other}) {
    ASSERT_EQ(sink->batches_.size(), 1U);
    const auto& batch = *sink->batches_.front();
    ASSERT_EQ(batch.events.size(), 1U);
    EXPECT_EQ(batch.events[0].kind, EventKind::gap);
    EXPECT_TRUE(batch.losses.empty());  // what other sinks write has the events
    EXPECT_NE(batch.lines.find(R"("gap":{"kind":"connection_event","from":3,"to":4,"count":2,)"
                               R"("reason":"unrouted","run_id":"earlier"},)"
                               R"("ext":{"seq":1,"sink":"amqp"}})"),
              std::string::npos)
        << batch.lines;
  }
}

TEST_F(PipelineTest, HandsOnWhileItRuns) {
  auto& source = pipeline_.add_source();
  add_sink();
  ASSERT_TRUE(pipeline_.start(host_));
  source.begin_batch(clock_.now());
  source.submit(monitor::testing::received(0));
  source.end_batch();
  EXPECT_TRUE(eventually([&] {
    clock_.advance(milliseconds(10));
    return pipeline_.statistics().events[kBitswap] == 1;
  }));
}

TEST_F(PipelineTest, AHeartbeatEachMinute) {
  add_sink();
  ASSERT_TRUE(pipeline_.start(host_));
  for (std::uint64_t beats = 1; beats <= 3; ++beats) {
    clock_.advance(seconds(60));
    ASSERT_TRUE(eventually([&] { return pipeline_.statistics().events[kHeartbeat] == beats; }));
  }
}

TEST_F(PipelineTest, TellsOfAClockThatWasSet) {
  ASSERT_TRUE(pipeline_.start(host_));
  clock_.set_wall_by(std::chrono::hours(1));
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return pipeline_.statistics().clock.steps == 1;
  }));
}

TEST_F(PipelineTest, ASinkThatCannotStartStopsTheOthers) {
  auto& first = add_sink();
  auto& second = add_sink();
  second.start_status_ = base::fail(std::make_error_code(std::errc::permission_denied));
  EXPECT_EQ(pipeline_.start(host_).error(), std::errc::permission_denied);
  EXPECT_EQ(first.stops_, 1);
  EXPECT_EQ(second.stops_, 0);
  pipeline_.stop();
  EXPECT_EQ(first.stops_, 1);
}

TEST_F(PipelineTest, PassesReopenOn) {
  auto& sink = add_sink();
  ASSERT_TRUE(pipeline_.start(host_));
  pipeline_.reopen();
  EXPECT_EQ(sink.reopens_, 1);
}

/// Several shards at full speed into real files; the queues are small, so events are lost too.
TEST(PipelineThreads, EveryEventIsInTheTraceOrInAGap) {
  constexpr int kWriters = 3;
  constexpr int kFacts = 20'000;
  const testing::TemporaryDirectory temporary;
  base::SystemClock clock;
  base::SeededRandom random(1);
  SystemDisk disk;
  FakeHost host;
  Pipeline pipeline({.queue = {.facts = 512, .bytes = 8 << 20}}, clock, random, {});
  std::vector<monitor::ObservationSink*> sources;
  for (int i = 0; i < kWriters; ++i) sources.push_back(&pipeline.add_source());
  auto sink = TraceSink::create({.directory = temporary.path()}, clock, disk, {});
  ASSERT_TRUE(sink);
  pipeline.add_sink(std::move(*sink));
  ASSERT_TRUE(pipeline.start(host));
  std::vector<std::thread> writers;
  for (auto* source : sources) {
    writers.emplace_back([source, &clock] {
      for (int i = 0; i < kFacts; ++i) {
        source->begin_batch(clock.now());
        auto fact = monitor::testing::received(
            0, monitor::testing::MessageBuilder().want(1, 1, 0).want(2, 2, 1).build());
        fact.received_at = clock.now();
        source->submit(std::move(fact));
        source->end_batch();
        if (i % 64 == 0) std::this_thread::yield();
      }
    });
  }
  for (auto& writer : writers) writer.join();
  pipeline.stop(seconds(60));

  const auto statistics = pipeline.statistics();
  std::uint64_t lost = 0;
  for (const auto count : statistics.lost[kBitswap]) lost += count;
  EXPECT_EQ(statistics.events[kBitswap] + lost, std::uint64_t{kWriters} * kFacts);
  EXPECT_EQ(statistics.queued, 0U);
  const std::vector<std::string> paths{temporary.path()};
  const auto report = verify_traces(disk, paths);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ok()) << ::testing::PrintToString(report->problems);
  EXPECT_EQ(report->lost, lost);
  EXPECT_EQ(report->unfinished_files, 0U);
  const auto trace = trace_statistics(disk, paths);
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->events.at("bitswap_message"), statistics.events[kBitswap]);
  EXPECT_EQ(trace->cids, 2U);
}

}  // namespace
}  // namespace mexport::exporter
