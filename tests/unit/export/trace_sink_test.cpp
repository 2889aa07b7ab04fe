// SPDX-License-Identifier: MIT
#include "export/trace_sink.hpp"

#include "export/trace_files.hpp"
#include "export/trace_line.hpp"
#include "export/trace_verify.hpp"
#include "tests/unit/export/batches.hpp"
#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"
#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace mexport::exporter {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::make_batch;
using Names = std::set<std::string>;

constexpr auto kBitswap = static_cast<std::size_t>(monitor::EventKind::bitswap_message);

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

class TraceSinkTest : public ::testing::Test {
 protected:
  TraceSinkTest() {
    options_.directory = "/t";
    options_.retry_interval = milliseconds(0);
  }

  void start() {
    auto sink = TraceSink::create(options_, clock_, disk_, {});
    ASSERT_TRUE(sink) << sink.error().message();
    sink_ = std::move(*sink);
    const auto status = sink_->start(context_);
    ASSERT_TRUE(status) << status.error().message();
  }
  void stop(milliseconds patience = seconds(20)) {
    sink_->stop(std::chrono::steady_clock::now() + patience);
  }
  std::uint64_t written() const { return sink_->statistics().written[kBitswap]; }
  std::uint64_t lost(monitor::LossReason reason) const {
    return sink_->statistics().lost[kBitswap][static_cast<std::size_t>(reason)];
  }
  void fail(std::string_view failing, std::errc how = std::errc::no_space_on_device) {
    disk_.set_fault([failing, how](std::string_view operation, const std::string&) {
      return operation == failing ? std::make_error_code(how) : std::error_code();
    });
  }
  /// The numbers of the Bitswap events in all files, as they stand there.
  std::vector<std::uint64_t> sequences() {
    std::vector<std::uint64_t> out;
    const auto files = list_traces(disk_, "/t");
    for (const auto& file : files.value_or(std::vector<std::string>())) {
      for (const auto& text : testing::read_trace(disk_, file).lines) {
        const auto line = parse_trace_line(text);
        if (line && line->kind == "bitswap_message") out.push_back(line->sequence.value_or(0));
      }
    }
    return out;
  }
  VerifyReport verify() {
    const std::vector<std::string> paths{"/t"};
    const auto report = verify_traces(disk_, paths);
    EXPECT_TRUE(report);
    return report.value_or(VerifyReport{});
  }

  monitor::testing::ManualClock clock_;
  testing::MemoryDisk disk_;
  testing::FakeContext context_;
  TraceSink::Options options_;
  std::unique_ptr<TraceSink> sink_;
};

TEST_F(TraceSinkTest, BeginsEachFileWithRunInfo) {
  start();
  EXPECT_EQ(sink_->current_file(), "2026-11-22_20-00-00_UTC.json.gz.tmp");
  const auto begun = testing::read_trace(disk_, "/t/2026-11-22_20-00-00_UTC.json.gz.tmp");
  ASSERT_EQ(begun.lines.size(), 1U);
  EXPECT_NE(begun.lines[0].find(R"("run_info":{"run_id":"0123")"), std::string::npos);
  sink_->submit(make_batch(1, 3));
  stop();
  EXPECT_EQ(disk_.names(), Names{"2026-11-22_20-00-00_UTC.json.gz"});
  const auto trace = testing::read_trace(disk_, "/t/2026-11-22_20-00-00_UTC.json.gz");
  EXPECT_EQ(trace.lines.size(), 4U);
  EXPECT_EQ(trace.end, TraceEnd::complete);
  EXPECT_EQ(written(), 3U);
  EXPECT_EQ(sink_->statistics().bytes_out + 10,
            disk_.read_all("/t/2026-11-22_20-00-00_UTC.json.gz").size());
  EXPECT_EQ(sink_->current_file(), "");
}

TEST_F(TraceSinkTest, FlushesEachSecond) {
  start();
  sink_->submit(make_batch(1, 3));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return written() == 3;
  }));
  disk_.lose_power();
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(TraceSinkTest, BeginsAFileEachHour) {
  clock_.advance(std::chrono::minutes(59));
  start();
  sink_->submit(make_batch(1, 1));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return written() == 1;
  }));
  clock_.advance(seconds(40));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return sink_->current_file().empty();
  })) << "completed without a further event";
  sink_->submit(make_batch(2, 2));
  stop();
  EXPECT_EQ(disk_.names().size(), 2U);
  EXPECT_TRUE(disk_.names().contains("2026-11-22_20-59-00_UTC.json.gz"));
  EXPECT_TRUE(verify().ok());
}

TEST_F(TraceSinkTest, BeginsAFileAtItsLargestSize) {
  options_.rotate_bytes = 1;
  start();
  for (std::uint64_t i = 1; i <= 5; ++i) sink_->submit(make_batch(i, i));
  stop();
  EXPECT_GE(disk_.names().size(), 5U);
  EXPECT_EQ(sequences().size(), 5U);
  const auto report = verify();
  EXPECT_TRUE(report.ok()) << ::testing::PrintToString(report.problems);
}

TEST_F(TraceSinkTest, Reopens) {
  start();
  sink_->submit(make_batch(1, 1));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return written() == 1;
  }));
  sink_->reopen();
  ASSERT_TRUE(eventually([&] { return sink_->current_file().empty(); }));
  sink_->submit(make_batch(2, 2));
  stop();
  EXPECT_EQ(disk_.names().size(), 2U);
}

TEST_F(TraceSinkTest, CompletesWhatAnEarlierRunLeft) {
  ASSERT_TRUE(disk_.create_directories("/t"));
  disk_.write_all("/t/2026-11-22_19-00-00_UTC.json.gz.tmp",
                  testing::unfinished(testing::event_line("bitswap_message", 9)));
  start();
  ASSERT_TRUE(
      eventually([&] { return disk_.names().contains("2026-11-22_19-00-00_UTC.json.gz"); }));
  stop();
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{9}));
}

TEST_F(TraceSinkTest, ADirectoryThatCannotBeWrittenIsAnError) {
  fail("create", std::errc::read_only_file_system);
  EXPECT_FALSE(TraceSink::create(options_, clock_, disk_, {}));
  fail("create_directories", std::errc::permission_denied);
  EXPECT_FALSE(TraceSink::create(options_, clock_, disk_, {}));
}

TEST_F(TraceSinkTest, AFailedStartLeavesNothing) {
  auto sink = TraceSink::create(options_, clock_, disk_, {});
  ASSERT_TRUE(sink);
  fail("append", std::errc::io_error);
  EXPECT_FALSE((*sink)->start(context_));
  EXPECT_TRUE(disk_.names().empty());
}

TEST_F(TraceSinkTest, StartsOnAFullDisk) {
  for (const auto* const operation : {"create_directories", "create", "append"}) {
    SCOPED_TRACE(operation);
    options_.directory = std::string("/") + operation;
    fail(operation);
    start();
    sink_->submit(make_batch(1, 3));
    ASSERT_TRUE(eventually([&] {
      clock_.advance(seconds(1));
      return sink_->statistics().errors > 2;
    }));
    EXPECT_EQ(written(), 0U);
    disk_.set_fault({});
    ASSERT_TRUE(eventually([&] {
      clock_.advance(seconds(1));
      return written() == 3;
    }));
    stop();
    EXPECT_EQ(lost(monitor::LossReason::disk_error), 0U);
  }
}

TEST_F(TraceSinkTest, CountsWhatItLosesOnADiskThatStaysFull) {
  fail("create_directories");
  start();
  sink_->submit(make_batch(1, 3));
  stop(milliseconds(50));
  EXPECT_EQ(written(), 0U);
  EXPECT_EQ(lost(monitor::LossReason::disk_error), 3U);
}

TEST_F(TraceSinkTest, LosesNothingWhenTheDiskComesBack) {
  start();
  fail("append");
  for (std::uint64_t i = 1; i <= 20; ++i) sink_->submit(make_batch(i, i));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return sink_->statistics().errors > 2;
  }));
  disk_.set_fault(nullptr);
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return written() == 20;
  }));
  stop();
  EXPECT_EQ(sequences().size(), 20U);
  EXPECT_EQ(lost(monitor::LossReason::disk_error), 0U);
  EXPECT_TRUE(verify().ok());
}

// Fails at each operation in turn: every event is there once, whatever it was.
TEST_F(TraceSinkTest, LosesNothingWhereverTheDiskFailsOnce) {
  options_.rotate_bytes = 300;
  bool failed = true;
  for (int failing = 0; failed; ++failing) {
    for (const auto& name : disk_.names()) ASSERT_TRUE(disk_.remove("/t/" + name));
    start();
    failed = false;
    int operation = 0;
    disk_.set_fault([&](std::string_view, const std::string&) {
      if (operation++ != failing) return std::error_code();
      failed = true;
      return std::make_error_code(std::errc::io_error);
    });
    for (std::uint64_t i = 0; i < 4; ++i) sink_->submit(make_batch(i * 10 + 1, i * 10 + 10));
    stop();
    disk_.set_fault(nullptr);
    EXPECT_EQ(sequences().size(), 40U) << failing;
    const auto report = verify();
    EXPECT_TRUE(report.ok()) << failing << ::testing::PrintToString(report.problems);
    ASSERT_LT(failing, 1000);
  }
}

TEST_F(TraceSinkTest, WritesNothingTwiceWhenABrokenFileCannotBeCutAtOnce) {
  start();
  // The second flush fails once its bytes have been written, and the file is not cut at once.
  int syncs = 0;
  int cuts = 0;
  disk_.set_fault([&](std::string_view operation, const std::string&) {
    const bool fails =
        (operation == "sync" && ++syncs == 2) || (operation == "truncate" && ++cuts <= 5);
    return fails ? std::make_error_code(std::errc::io_error) : std::error_code();
  });
  for (std::uint64_t i = 1; i <= 4; ++i) {
    sink_->submit(make_batch(i, i));
    ASSERT_TRUE(eventually([&] {
      clock_.advance(seconds(1));
      return written() == i;
    }));
  }
  stop();
  EXPECT_EQ(cuts, 6);
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_TRUE(verify().ok());
}

TEST_F(TraceSinkTest, FilesKeepTheirOrderWhenTheClockIsSetBack) {
  start();
  for (std::uint64_t i = 1; i <= 3; ++i) {
    sink_->submit(make_batch(i, i));
    ASSERT_TRUE(eventually([&] {
      clock_.advance(seconds(1));
      return written() == i;
    }));
    clock_.set_wall_by(hours(-30));
    ASSERT_TRUE(eventually([&] { return sink_->current_file().empty(); }));
  }
  stop();
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(TraceSinkTest, CountsWhatItCouldNotWriteBeforeTheEnd) {
  start();
  fail("append");
  sink_->submit(make_batch(1, 7));
  stop(milliseconds(0));
  EXPECT_EQ(lost(monitor::LossReason::disk_error) + lost(monitor::LossReason::stopped), 7U);
  EXPECT_EQ(written(), 0U);
}

TEST_F(TraceSinkTest, ALossIsAGapInTheFile) {
  options_.queue_bytes = 1;  // one batch
  options_.retry_interval = seconds(1);
  start();
  fail("append");
  sink_->submit(make_batch(1, 1));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(milliseconds(400));
    return sink_->statistics().errors > 0 && sink_->statistics().queued_bytes == 0;
  }));
  sink_->submit(make_batch(2, 2));
  sink_->submit(make_batch(3, 5));
  sink_->submit(make_batch(6, 6));
  EXPECT_EQ(lost(monitor::LossReason::sink_queue_full), 4U);
  disk_.set_fault(nullptr);
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(2));
    return written() == 2;
  }));
  sink_->submit(make_batch(7, 7));
  stop();
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{1, 2, 7}));
  const auto report = verify();
  EXPECT_TRUE(report.ok()) << ::testing::PrintToString(report.problems);
  EXPECT_EQ(report.lost, 4U);
  EXPECT_EQ(report.lost_by_reason.at("sink_queue_full"), 4U);
}

TEST_F(TraceSinkTest, StopsOnceAndWithoutAStart) {
  auto sink = TraceSink::create(options_, clock_, disk_, {});
  ASSERT_TRUE(sink);
  (*sink)->stop(std::chrono::steady_clock::now());
  start();
  stop();
  stop();
  EXPECT_EQ(disk_.names().size(), 1U);
}

TEST_F(TraceSinkTest, RemovesOldFilesAtItsStartAndEachMinute) {
  options_.retention.max_age = std::chrono::days(10);
  ASSERT_TRUE(disk_.create_directories("/t"));
  // The clock stands at 2026-11-22 20:00; the last one vouches for it.
  disk_.write_all("/t/2026-11-12_19-00-00_UTC.json.gz", "");
  disk_.write_all("/t/2026-11-12_20-00-30_UTC.json.gz", "");
  disk_.write_all("/t/2026-11-21_19-30-00_UTC.json.gz", "");
  start();
  EXPECT_FALSE(disk_.names().contains("2026-11-12_19-00-00_UTC.json.gz"));
  EXPECT_TRUE(disk_.names().contains("2026-11-12_20-00-30_UTC.json.gz"));
  clock_.advance(seconds(61));
  ASSERT_TRUE(
      eventually([&] { return sink_->statistics().counters["trace_files_removed_age"] == 2; }));
  EXPECT_FALSE(disk_.names().contains("2026-11-12_20-00-30_UTC.json.gz"));
  stop();
  EXPECT_EQ(disk_.names(),
            (Names{"2026-11-21_19-30-00_UTC.json.gz", "2026-11-22_20-00-00_UTC.json.gz"}));
}

TEST_F(TraceSinkTest, ForgetsTheOldestOnADiskThatItHasFilled) {
  options_.rotate_bytes = 1;
  options_.retention.max_percent = 80;
  disk_.set_capacity(20'000);
  start();
  std::uint64_t last = 0;
  for (; last < 2000 && sink_->statistics().counters["trace_files_removed_size"] < 5;) {
    clock_.advance(seconds(1));
    sink_->submit(make_batch(last + 1, last + 10));
    last += 10;
    ASSERT_TRUE(
        eventually([&] { return written() + lost(monitor::LossReason::disk_error) >= last; }));
  }
  stop();
  EXPECT_GE(sink_->statistics().counters["trace_files_removed_size"], 5U);
  EXPECT_EQ(written(), last) << "nothing is lost as long as there is something old to remove";
  const auto kept = sequences();
  ASSERT_FALSE(kept.empty());
  EXPECT_GT(kept.front(), 1U) << "the oldest are gone";
  EXPECT_EQ(kept.back(), last);
  EXPECT_TRUE(verify().ok()) << "what is left has no holes";
}

TEST_F(TraceSinkTest, WaitsForADiskThatOthersHaveFilled) {
  options_.retention.max_percent = 80;
  options_.retry_interval = milliseconds(1);
  start();
  disk_.set_capacity(10'000, 10'000);
  sink_->submit(make_batch(1, 3));
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return sink_->statistics().errors > 2;
  }));
  EXPECT_EQ(sink_->statistics().counters["trace_files_removed_size"], 0U);
  disk_.set_capacity(1 << 20);
  ASSERT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return written() == 3;
  }));
  stop();
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{1, 2, 3}));
}

}  // namespace
}  // namespace mexport::exporter
