// SPDX-License-Identifier: MIT
#include "app/trace_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::app {
namespace {

using testing::HasSubstr;
using testing::Not;

exporter::TraceStatistics statistics() {
  exporter::TraceStatistics statistics;
  statistics.files = 2;
  statistics.lines = 11;
  statistics.events = {{"bitswap_message", 8}, {"connection_event", 2}};
  statistics.peers = 3;
  statistics.wantlist_entries = 40;
  statistics.wants = 30;
  statistics.cancels = 10;
  statistics.first_ns = 1'767'323'045'678'000'000;
  statistics.last_ns = *statistics.first_ns + 10'000'000'000;
  statistics.agents = {{"kubo/0.43.0\\u001b", 2}, {"helia", 1}};
  return statistics;
}

TEST(StatisticsText, HasALinePerNumber) {
  const auto text = statistics_text(statistics());
  EXPECT_THAT(text, HasSubstr("events            10 (1.0/s)\n"));
  EXPECT_THAT(text, HasSubstr("  bitswap_message   8\n"));
  EXPECT_THAT(text, HasSubstr("from              2026-01-02T03:04:05.678Z\n"));
  EXPECT_THAT(text, HasSubstr("wantlist entries  40 (4.0/s): 30 wants, 10 cancels\n"));
  EXPECT_THAT(text, HasSubstr("  2       kubo/0.43.0\\u001b\n"));
  EXPECT_THAT(text, Not(HasSubstr("damaged")));
}

TEST(StatisticsText, TellsOfDamage) {
  auto damaged = statistics();
  damaged.broken_files = 1;
  damaged.malformed = 4;
  EXPECT_THAT(statistics_text(damaged), HasSubstr("files             2 (1 damaged)\n"));
  EXPECT_THAT(statistics_text(damaged), HasSubstr("malformed lines   4\n"));
}

TEST(StatisticsText, WorksWithoutEvents) {
  EXPECT_THAT(statistics_text({}), Not(HasSubstr("from")));
  EXPECT_THAT(statistics_json({}), HasSubstr("\"first\":null,\"last\":null"));
}

TEST(StatisticsJson, IsOneObject) {
  const auto json = statistics_json(statistics());
  EXPECT_THAT(json, HasSubstr("\"events\":{\"bitswap_message\":8,\"connection_event\":2}"));
  EXPECT_THAT(json, HasSubstr("\"agents\":[{\"agent_version\":\"kubo/0.43.0\\u001b\",\"peers\":2},"
                              "{\"agent_version\":\"helia\",\"peers\":1}]}\n"));
}

TEST(StatisticsText, DatesTimesBefore1970) {
  auto early = statistics();
  early.first_ns = -500'000'000;
  EXPECT_THAT(statistics_text(early), HasSubstr("1969-12-31T23:59:59.500Z"));
}

TEST(VerifyText, EndsWithAVerdict) {
  exporter::VerifyReport report;
  report.files = 1;
  report.lines = 2;
  report.lost_by_reason = {{"queue_full", 5}};
  report.lost_elsewhere = {{"amqp", 7}};
  EXPECT_EQ(verify_text(report),
            "lost and accounted for: 5 (queue_full)\nhere, but lost to amqp: 7 events\n1 file (0 "
            "unfinished), 2 lines: nothing "
            "wrong\n");
}

TEST(VerifyText, TellsOfProblemsAndOfThoseThatItLeavesOut) {
  exporter::VerifyReport report;
  report.problems = {"a\x1b: damaged"};
  report.problem_count = 3;
  const auto text = verify_text(report);
  EXPECT_THAT(text, HasSubstr("problem: a\\x1b: damaged\nand 2 more\n"));
  EXPECT_THAT(text, HasSubstr(": 3 problems\n"));
}

}  // namespace
}  // namespace mexport::app
