// SPDX-License-Identifier: MIT
#include "compare/comparison.hpp"

#include "tests/unit/export/memory_disk.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace mexport::compare {
namespace {

std::string stamp(int ms) {
  return fmt::format("2026-11-22T20:{:02}:{:02}.{:03}Z", ms / 60'000, ms / 1000 % 60, ms % 1000);
}

std::string want(int ms, std::string_view peer, std::string_view cid, std::string_view ext = "{}") {
  return fmt::format(
      R"({{"timestamp":"{}","peer":"{}","bitswap_message":{{"wantlist_entries":[{{"Cid":{{"/":"{}"}},)"
      R"("Priority":1,"WantType":1,"Cancel":false,"SendDontHave":true}}],"full_wantlist":false,)"
      R"("blocks":[],"block_presences":[],"connected_addresses":["/ip4/1.2.3.4/tcp/5"]}},"ext":{}}})"
      "\n",
      stamp(ms), peer, cid, ext);
}

std::string connection(int ms, std::string_view peer, int type) {
  return fmt::format(
      R"({{"timestamp":"{}","peer":"{}","connection_event":{{"remote":"","connection_event_type":{}}}}})"
      "\n",
      stamp(ms), peer, type);
}

class ComparisonTest : public ::testing::Test {
 protected:
  Report compare(const std::string& a, const std::string& b, CompareOptions options = {}) {
    disk_.write_all("/a", a);
    disk_.write_all("/b", b);
    auto report = compare_records(disk_, {"/a", "/b"}, options, [](const auto&, auto) {});
    EXPECT_TRUE(report);
    return *std::move(report);
  }

  exporter::testing::MemoryDisk disk_;
};

void expect(const Overlap& overlap, std::uint64_t both, std::uint64_t only_a,
            std::uint64_t only_b) {
  EXPECT_EQ(overlap.both, both);
  EXPECT_EQ(overlap.only[0], only_a);
  EXPECT_EQ(overlap.only[1], only_b);
}

TEST_F(ComparisonTest, WhatBothHaveAndWhatOneHas) {
  const auto report = compare(connection(0, "p", 0) + want(1, "p", "c1") + want(2, "p", "c2") +
                                  want(3, "p", "c4") + connection(4, "p", 1),
                              connection(1, "p", 0) + want(2, "p", "c1") + want(2, "p", "c3") +
                                  want(4, "p", "c4") + connection(5, "p", 1));
  expect(report.messages, 2, 1, 1);
  expect(report.connected, 1, 0, 0);
  expect(report.disconnected, 1, 0, 0);
  expect(report.said[static_cast<std::size_t>(Said::want)], 2, 1, 1);
  EXPECT_EQ(report.cids.both, 2);
  EXPECT_EQ(report.peers.both, 1);
  EXPECT_EQ(report.offsets.pairs, 2);
  EXPECT_EQ(report.offsets.median, 1'000'000);
  EXPECT_EQ(report.records[0].messages, 3);
  EXPECT_EQ(report.records[0].connection_events, 2);
}

TEST_F(ComparisonTest, EntriesMatchWhereMessagesAreCutOtherwise) {
  auto joined = want(1, "p", "c1");
  const auto end = joined.find("],\"full");
  joined.insert(
      end, R"(,{"Cid":{"/":"c2"},"Priority":9,"WantType":0,"Cancel":false,"SendDontHave":false})");
  const auto report = compare(joined, want(1, "p", "c1") + want(1, "p", "c2"));
  expect(report.messages, 0, 1, 2);
  expect(report.said[static_cast<std::size_t>(Said::want)], 2, 0, 0);
}

TEST_F(ComparisonTest, WhatTheOtherDoesNotSpanIsNotCompared) {
  const auto report =
      compare(want(1000, "p", "early") + want(20'000, "p", "both") + want(50'000, "p", "late"),
              want(20'000, "p", "both") + want(21'000, "p", "b"));
  expect(report.messages, 1, 0, 1);
  EXPECT_EQ(report.messages.outside[0], 2);
  EXPECT_EQ(report.messages.outside[1], 0) << "A spans it";
}

TEST_F(ComparisonTest, ByTransportAndAgent) {
  const auto identified =
      R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","identify_event":{"agent_version":"kubo"}})"
      "\n";
  const auto report = compare(
      identified + want(1, "p", "c") + want(2, "q", "c"),
      want(1, "p", "c") + want(2, "q", "d", R"({"conn_remote":"/ip4/1.1.1.1/udp/1/quic-v1"})"));
  ASSERT_EQ(report.agents.size(), 2);
  EXPECT_EQ(report.agents[0].name, "unknown");
  expect(report.agents[0].messages, 0, 1, 1);
  EXPECT_EQ(report.agents[1].name, "kubo");
  expect(report.agents[1].messages, 1, 0, 0);
  ASSERT_EQ(report.transports.size(), 2);
  EXPECT_EQ(report.transports[0].name, "tcp");
  expect(report.transports[0].messages, 1, 1, 0);
  expect(report.transports[1].messages, 0, 0, 1);
}

TEST_F(ComparisonTest, OnlyTheTimeAskedFor) {
  const auto start = 1795377600'000'000'000;
  const auto report =
      compare(want(1, "p", "c1") + want(2, "p", "c2") + want(3, "p", "c3"), want(2, "p", "c2"),
              {.from = start + 2'000'000, .to = start + 3'000'000});
  expect(report.messages, 1, 0, 0);
  EXPECT_EQ(report.records[0].messages, 1);
}

TEST_F(ComparisonTest, TheEdgesOfTheTimeAskedForCutNoPair) {
  const auto start = 1795377600'000'000'000;
  const auto report = compare(want(1, "p", "c1") + want(3, "p", "c2") + want(5, "p", "c3"),
                              want(3, "p", "c1") + want(5, "p", "c2") + want(7, "p", "c3"),
                              {.from = start + 3'000'000, .to = start + 4'000'000});
  expect(report.messages, 2, 0, 0);
  expect(report.said[static_cast<std::size_t>(Said::want)], 2, 0, 0);
  EXPECT_EQ(report.records[0].messages, 1);
  EXPECT_EQ(report.records[1].messages, 1);
}

TEST_F(ComparisonTest, AnAgentVersionIsKnownFromBeforeTheTimeAskedFor) {
  const auto identified =
      R"({"timestamp":"2026-11-22T19:00:00Z","peer":"p","identify_event":{"agent_version":"kubo"}})"
      "\n";
  const auto report = compare(identified + want(20'000, "p", "c"), want(20'000, "p", "c"),
                              {.from = 1795377600'000'000'000});
  ASSERT_EQ(report.agents.size(), 1);
  EXPECT_EQ(report.agents[0].name, "kubo");
}

TEST_F(ComparisonTest, ShowsWhatOnlyOneHas) {
  const auto report =
      compare(want(1, "p", "c0") + want(2, "p", "c1") + want(3, "p", "c2") + want(4, "p", "c0"),
              want(1, "p", "c0") + want(4, "p", "c0"), {.examples = 1});
  ASSERT_EQ(report.examples.size(), 1);
  EXPECT_EQ(report.examples[0].side, Side::a);
  EXPECT_NE(report.examples[0].text.find("c1"), std::string::npos);
}

TEST_F(ComparisonTest, ConnectionEventsMayComeBehindAllMessages) {
  std::string messages;
  std::string connections;
  for (int i = 0; i < 100; ++i) {
    messages += want(1000 * i, "p", std::to_string(i));
    connections += connection(1000 * i, "p", i % 2);
  }
  const auto report = compare(messages + connections, connections + messages);
  expect(report.messages, 100, 0, 0);
  expect(report.connected, 50, 0, 0);
  EXPECT_EQ(report.records[0].late, 0);
}

TEST_F(ComparisonTest, AFileThatCannotBeReadIsAnError) {
  disk_.write_all("/a", "");
  EXPECT_FALSE(compare_records(disk_, {"/a", "/b"}, {}, [](const auto&, auto) {}));
}

}  // namespace
}  // namespace mexport::compare
