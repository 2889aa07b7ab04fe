// SPDX-License-Identifier: MIT
#include "monitor/reference_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mexport::monitor {
namespace {

using metrics::Families;
using metrics::Family;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Pair;

constexpr auto kAgents = "plugin_metric_export_peers_by_agent_version";
constexpr auto kProtocols = "plugin_metric_export_peers_supported_protocols";

class SetClock final : public base::Clock {
 public:
  base::SteadyTime now() const override { return time; }
  base::WallTime wall_now() const override { return {}; }
  base::SteadyTime time{seconds(1000)};
};

class FakeHost final : public Host {
 public:
  HostStatistics statistics() override { return {}; }
  PeerCensus census() override { return next; }
  std::vector<std::string> peer_ids() const override { return {}; }
  std::vector<std::string> listen_addrs() const override { return {}; }
  PeerCensus next;
};

class ReferenceMetricsTest : public testing::Test {
 protected:
  Families collect(const HostStatistics& statistics = {}) {
    Families families;
    metrics_.collect(statistics, families);
    return families;
  }
  /// The last label's value, and the sample's.
  static std::vector<std::pair<std::string, double>> series(const Families& families,
                                                            const std::string& name) {
    std::vector<std::pair<std::string, double>> out;
    for (const auto& family : families) {
      if (family.name != name) continue;
      for (const auto& sample : family.samples) {
        out.emplace_back(sample.labels.empty() ? "" : sample.labels.back().second, sample.value);
      }
    }
    return out;
  }

  FakeHost host_;
  SetClock clock_;
  ReferenceMetrics metrics_{{.interval = seconds(10), .agent_versions = 2}, host_, clock_};
};

TEST_F(ReferenceMetricsTest, AlwaysHasOthers) {
  EXPECT_THAT(series(collect(), kAgents), ElementsAre(Pair("others", 0)));
}

TEST_F(ReferenceMetricsTest, CutsAgentVersionsOff) {
  host_.next.agent_versions = {{"a", 1}, {"b", 3}, {"c", 2}, {"d", 1}};
  EXPECT_THAT(series(collect(), kAgents),
              ElementsAre(Pair("b", 3), Pair("c", 2), Pair("others", 2)));
}

TEST_F(ReferenceMetricsTest, APeerThatCallsItselfOthersMakesNoSecondSeries) {
  host_.next.agent_versions = {{"others", 5}, {"c", 2}};
  EXPECT_THAT(series(collect(), kAgents), ElementsAre(Pair("c", 2), Pair("others", 5)));
}

TEST_F(ReferenceMetricsTest, TextsThatLookAlikeAreOneSeries) {
  host_.next.agent_versions = {{"a\n", 1}, {"a\x01", 2}};
  EXPECT_THAT(series(collect(), kAgents), ElementsAre(Pair("a?", 3), Pair("others", 0)));
}

TEST_F(ReferenceMetricsTest, BoundsTheNumberOfProtocols) {
  for (int i = 0; i < 1500; ++i) host_.next.protocols.emplace("/p/" + std::to_string(i), 1);
  const auto protocols = series(collect(), kProtocols);
  ASSERT_EQ(protocols.size(), ReferenceMetrics::kMaxProtocols + 1);
  EXPECT_THAT(protocols.back(), Pair("others", 500));
}

TEST_F(ReferenceMetricsTest, LooksAtPeersOncePerInterval) {
  host_.next.protocols = {{"/x/", 1}};
  EXPECT_THAT(series(collect(), kProtocols), ElementsAre(Pair("/x/", 1)));
  host_.next.protocols = {};
  clock_.time += seconds(9);
  EXPECT_THAT(series(collect(), kProtocols), ElementsAre(Pair("/x/", 1)));
  clock_.time += seconds(1);
  EXPECT_THAT(series(collect(), kProtocols), ElementsAre());
}

TEST_F(ReferenceMetricsTest, StreamsThatAreNotOpenHaveNoSeries) {
  HostStatistics statistics;
  statistics.streams_by_protocol = {{"/a", {.inbound = 2, .outbound = 0}},
                                    {"/b", {.inbound = 0, .outbound = 0}}};
  const auto families = collect(statistics);
  EXPECT_THAT(series(families, "plugin_metric_export_open_streams"), ElementsAre(Pair("/a", 2)));
  EXPECT_THAT(series(families, "plugin_metric_export_wiretap_peers"), ElementsAre(Pair("", 0)));
}

}  // namespace
}  // namespace mexport::monitor
