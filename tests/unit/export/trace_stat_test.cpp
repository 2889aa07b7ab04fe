// SPDX-License-Identifier: MIT
#include "export/trace_stat.hpp"

#include "tests/unit/export/memory_disk.hpp"
#include "tests/unit/export/traces.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mexport::exporter {
namespace {

std::string line(std::string_view second, std::string_view peer, std::string_view rest) {
  return R"({"timestamp":"2026-11-22T20:00:)" + std::string(second) + R"(Z","peer":")" +
         std::string(peer) + R"(",)" + std::string(rest) + "}\n";
}

TraceStatistics statistics_of(const std::string& text, std::size_t top_agents = 20) {
  testing::MemoryDisk disk;
  disk.write_all("/f.json.gz", testing::compressed(text));
  const std::vector<std::string> paths{"/f.json.gz"};
  const auto statistics = trace_statistics(disk, paths, top_agents);
  EXPECT_TRUE(statistics);
  return statistics.value_or(TraceStatistics{});
}

TEST(TraceStat, CountsWhatATraceHolds) {
  const auto statistics = statistics_of(
      line("00", "us", R"("run_info":{})") +
      line("10", "a",
           R"("bitswap_message":{"wantlist_entries":[{"Cid":{"/":"x"},"Cancel":false},)"
           R"({"Cid":{"/":"y"},"Cancel":true}],"blocks":[{"/":"z"}],)"
           R"("block_presences":[{"cid":{"/":"x"}}]},"ext":{"agent_version":"kubo\"1"})") +
      line("15", "b", R"("connection_event":{"remote":"r"})") +
      line("20", "b", R"("identify_event":{"agent_version":"helia"})") +
      line("20", "c", R"("identify_event":{"agent_version":"helia"})") +
      line("20", "us", R"("gap":{"count":7})") + "garbage\n");
  EXPECT_EQ(statistics.files, 1U);
  EXPECT_EQ(statistics.lines, 7U);
  EXPECT_EQ(statistics.malformed, 1U);
  EXPECT_EQ(statistics.events.at("bitswap_message"), 1U);
  EXPECT_EQ(statistics.events.at("identify_event"), 2U);
  EXPECT_EQ(statistics.peers, 3U);
  EXPECT_EQ(statistics.wantlist_entries, 2U);
  EXPECT_EQ(statistics.wants, 1U);
  EXPECT_EQ(statistics.cancels, 1U);
  EXPECT_EQ(statistics.blocks, 1U);
  EXPECT_EQ(statistics.block_presences, 1U);
  EXPECT_EQ(statistics.cids, 3U);
  EXPECT_EQ(statistics.lost, 7U);
  EXPECT_DOUBLE_EQ(statistics.seconds(), 10);
  EXPECT_DOUBLE_EQ(statistics.entries_per_second(), 0.2);
  EXPECT_DOUBLE_EQ(statistics.events_per_second(), 0.6);
  const std::vector<std::pair<std::string, std::uint64_t>> agents{{"helia", 2}, {R"(kubo\"1)", 1}};
  EXPECT_EQ(statistics.agents, agents);
}

TEST(TraceStat, ReadsTheConsumersOwnForm) {
  const auto statistics = statistics_of(line(
      "10", "a",
      R"("bitswap_message":{"wantlist_entries":[{"priority":1,"cancel":true,"cid":{"/":"x"}}]})"));
  EXPECT_EQ(statistics.cancels, 1U);
  EXPECT_EQ(statistics.cids, 1U);
}

TEST(TraceStat, CountsAPeerByItsLastAgent) {
  const auto statistics =
      statistics_of(line("10", "a", R"("identify_event":{"agent_version":"old"})") +
                        line("11", "a", R"("identify_event":{"agent_version":"new"})") +
                        line("11", "b", R"("identify_event":{"agent_version":"other"})"),
                    1);
  ASSERT_EQ(statistics.agents.size(), 1U);
  EXPECT_EQ(statistics.agents[0].first, "new");
}

TEST(TraceStat, AnEmptyTraceHasNoRates) {
  const auto statistics = statistics_of("");
  EXPECT_EQ(statistics.seconds(), 0);
  EXPECT_EQ(statistics.events_per_second(), 0);
  EXPECT_EQ(statistics.entries_per_second(), 0);
}

}  // namespace
}  // namespace mexport::exporter
