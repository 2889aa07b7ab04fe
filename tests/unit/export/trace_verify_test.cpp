// SPDX-License-Identifier: MIT
#include "export/trace_verify.hpp"

#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

using testing::compressed;
using testing::event_line;
using testing::gap_line;
using testing::run_info_line;

class TraceVerifyTest : public ::testing::Test {
 protected:
  TraceVerifyTest() { EXPECT_TRUE(disk_.create_directories("/t")); }

  void add(int hour, std::string content, std::string_view suffix = ".json.gz") {
    disk_.write_all("/t/2026-11-22_0" + std::to_string(hour) + "-00-00_UTC" + std::string(suffix),
                    std::move(content));
  }
  VerifyReport verify() {
    const std::vector<std::string> paths{"/t"};
    auto report = verify_traces(disk_, paths);
    EXPECT_TRUE(report);
    return report.value_or(VerifyReport{});
  }

  testing::MemoryDisk disk_;
};

TEST_F(TraceVerifyTest, AGoodRunOverTwoFiles) {
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1) +
                    event_line("connection_event", 1)));
  add(2, compressed(run_info_line("r", 2) + event_line("bitswap_message", 2)));
  const auto report = verify();
  EXPECT_TRUE(report.ok()) << ::testing::PrintToString(report.problems);
  EXPECT_EQ(report.files, 2U);
  EXPECT_EQ(report.lines, 5U);
  EXPECT_EQ(report.sequences.size(), 3U);
}

TEST_F(TraceVerifyTest, AnUnexplainedHole) {
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1) +
                    event_line("bitswap_message", 4)));
  const auto report = verify();
  ASSERT_EQ(report.problem_count, 1U);
  EXPECT_EQ(report.problems[0],
            "run r: 2 events of kind bitswap_message are missing, the first is number 2");
}

TEST_F(TraceVerifyTest, AFileIsMissing) {
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1)));
  add(3, compressed(run_info_line("r", 3) + event_line("bitswap_message", 2)));
  EXPECT_FALSE(verify().ok());
}

TEST_F(TraceVerifyTest, AnExplainedHole) {
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1) +
                    gap_line("bitswap_message", 2, 3) + event_line("bitswap_message", 4)));
  const auto report = verify();
  EXPECT_TRUE(report.ok()) << ::testing::PrintToString(report.problems);
  EXPECT_EQ(report.lost, 2U);
  EXPECT_EQ(report.lost_by_reason.at("disk_error"), 2U);
}

TEST_F(TraceVerifyTest, AGapOfAnotherSinkExplainsNothing) {
  const std::string elsewhere =
      R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","gap":{"kind":"bitswap_message","from":1,)"
      R"("to":3,"count":3,"reason":"unrouted","run_id":"r"},"ext":{"seq":1,"sink":"amqp"}})"
      "\n";
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1) +
                    event_line("bitswap_message", 2) + elsewhere));
  auto report = verify();
  EXPECT_TRUE(report.ok()) << ::testing::PrintToString(report.problems);
  EXPECT_EQ(report.lost, 0U);
  EXPECT_TRUE(report.lost_by_reason.empty());
  EXPECT_EQ(report.lost_elsewhere.at("amqp"), 3U);

  add(2, compressed(run_info_line("r", 2) + event_line("bitswap_message", 4)));
  EXPECT_EQ(verify().problem_count, 1U);  // number 3
}

TEST_F(TraceVerifyTest, TheBeginningOfARunMayHaveBeenDeleted) {
  add(1, compressed(run_info_line("r", 5) + event_line("bitswap_message", 100)));
  EXPECT_TRUE(verify().ok());
}

TEST_F(TraceVerifyTest, ANewRunBeginsAnew) {
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1)));
  add(2, compressed(run_info_line("s", 1) + event_line("bitswap_message", 1)));
  EXPECT_TRUE(verify().ok());
}

TEST_F(TraceVerifyTest, EventsComeAgain) {
  add(1, compressed(run_info_line("r", 1) + event_line("bitswap_message", 1) +
                    event_line("bitswap_message", 1)));
  EXPECT_FALSE(verify().ok());
}

TEST_F(TraceVerifyTest, TimeGoesBackwards) {
  add(1, compressed(run_info_line("r", 1) +
                    event_line("bitswap_message", 1, "2026-11-22T20:00:00.2Z") +
                    event_line("bitswap_message", 2, "2026-11-22T20:00:00.1Z")));
  const auto report = verify();
  ASSERT_EQ(report.problem_count, 1U);
  EXPECT_EQ(report.problems[0],
            "/t/2026-11-22_01-00-00_UTC.json.gz: line 3 is older than the event before it");
}

TEST_F(TraceVerifyTest, LinesThatAreNoEvents) {
  add(1, compressed(run_info_line("r", 1) + "{}\n" + event_line("heartbeat", 1, "noon")));
  EXPECT_EQ(verify().problem_count, 2U);
}

TEST_F(TraceVerifyTest, AFileWithoutRunInfo) {
  add(1, compressed(event_line("bitswap_message", 1)));
  EXPECT_EQ(verify().problem_count, 1U);
}

TEST_F(TraceVerifyTest, TheReferencesEventsHaveNoSequence) {
  add(1, compressed("{\"timestamp\":\"2026-11-22T20:00:00Z\",\"peer\":\"p\",\"x\":{}}\n"));
  EXPECT_TRUE(verify().ok());
}

TEST_F(TraceVerifyTest, DamagedAndCutOffFiles) {
  const auto good = run_info_line("r", 1) + event_line("bitswap_message", 1);
  add(1, testing::unfinished(good) + std::string(50, '\xff'));
  EXPECT_EQ(verify().problem_count, 1U);
  add(1, testing::unfinished(good));
  EXPECT_EQ(verify().problem_count, 1U) << "complete names promise complete files";
}

TEST_F(TraceVerifyTest, AnUnfinishedFileIsNoProblem) {
  add(1, testing::unfinished(run_info_line("r", 1) + event_line("bitswap_message", 1)),
      ".json.gz.tmp");
  const auto report = verify();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.unfinished_files, 1U);
}

TEST_F(TraceVerifyTest, NamesAtMostAHundredProblems) {
  std::string text = run_info_line("r", 1);
  for (int i = 0; i < 200; ++i) text += "x\n";
  add(1, compressed(text));
  const auto report = verify();
  EXPECT_EQ(report.problem_count, 200U);
  EXPECT_EQ(report.problems.size(), kMaxProblems);
}

TEST_F(TraceVerifyTest, APathThatIsNotThere) {
  const std::vector<std::string> paths{"/none"};
  EXPECT_FALSE(verify_traces(disk_, paths));
}

}  // namespace
}  // namespace mexport::exporter
