// SPDX-License-Identifier: MIT
#include "base/clock.hpp"
#include "base/random.hpp"
#include "export/export_metrics.hpp"
#include "metrics/process.hpp"
#include "monitor/host_metrics.hpp"
#include "monitor/reference_metrics.hpp"

#include "service/metrics.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace mexport::service {
namespace {

/// A name with its type and the names of its labels.
struct Shape {
  std::string type;
  std::set<std::string> labels;
  bool operator==(const Shape&) const = default;
};
using Shapes = std::map<std::string, Shape>;

/// Has one of everything that a host can have.
class FullHost final : public monitor::Host {
 public:
  monitor::HostStatistics statistics() override {
    monitor::HostStatistics statistics;
    for (const auto* name :
         {"bitswap_message_bytes", "bitswap_full_wantlists", "bitswap_blocks",
          "bitswap_block_bytes", "bitswap_presences_have", "bitswap_refused_bad_cid",
          "bitswap_served_blocks", "bitswap_served_block_bytes", "connected", "closed_eof",
          "close_code_sent_shutdown", "secured_tls", "handshake_failed_inbound_timeout",
          "bytes_in_tls", "refused_total", "dials"}) {
      statistics.counters[name] = 1;
    }
    statistics.streams_by_protocol["/a"] = {.inbound = 1, .outbound = 1};
    statistics.wants_by_agent_family["kubo"] = 1;
    statistics.loop_latency_by_thread = {0};
    return statistics;
  }
  monitor::PeerCensus census() override {
    return {.peers = 1,
            .agent_versions = {{"a", 1}},
            .protocols = {{"/a", 1}},
            .transports = {{"/ip4/tcp", 1}}};
  }
  std::vector<std::string> peer_ids() const override { return {}; }
  std::vector<std::string> listen_addrs() const override { return {}; }
};

/// A sink that sends to a server, and has lost something.
class FullSink final : public exporter::Sink {
 public:
  std::string_view name() const override { return "amqp"; }
  base::Status start(const exporter::SinkContext&) override { return {}; }
  void submit(exporter::BatchPtr) noexcept override {}
  void stop(std::chrono::steady_clock::time_point) override {}
  exporter::SinkStatistics statistics() const override {
    exporter::SinkStatistics statistics;
    statistics.lost[0][0] = 1;
    statistics.delivery.emplace();
    statistics.delivery->latency.add(std::chrono::milliseconds(3));
    return statistics;
  }
};

std::string served() {
  const base::SystemClock clock;
  base::SeededRandom random{std::uint64_t{1}};
  FullHost host;
  WatchedHost watched(host);
  exporter::Pipeline pipeline({}, clock, random, {});
  pipeline.add_sink(std::make_unique<FullSink>());
  EXPECT_TRUE(pipeline.start(watched));
  const api::ServerCounters api;
  auto peerstore = std::make_shared<exporter::Peerstore>(
      exporter::Peerstore::Options{.path = ::testing::TempDir() + "metrics-page-peerstore.sqlite"},
      base::Logger());
  const Metrics metrics({}, watched, pipeline, std::move(peerstore), &api, clock, Scope::process);
  auto text = metrics.text();
  pipeline.stop();
  return text;
}

Shapes shapes_of(const std::string& text) {
  Shapes shapes;
  std::string current;
  std::istringstream lines(text);
  const std::regex type(R"(# TYPE (\S+) (\S+))");
  const std::regex label(R"re(([a-z_]+)="(\\.|[^"\\])*")re");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, type)) {
      current = match[1];
      EXPECT_FALSE(shapes.contains(current)) << current;
      shapes[current].type = match[2];
    }
    if (line.empty() || line[0] == '#') continue;
    EXPECT_TRUE(line.starts_with(current)) << line;
    for (std::sregex_iterator i(line.begin(), line.end(), label), end; i != end; ++i) {
      if ((*i)[1] != "le") shapes[current].labels.insert((*i)[1]);
    }
  }
  return shapes;
}

Shapes documented() {
  std::ifstream page("docs/metrics.md");
  Shapes shapes;
  const std::regex row(R"(\| `([a-z0-9_]+)` \| (\w+) \|([^|]*)\|.*)");
  const std::regex label("`([a-z_]+)`");
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    const std::string labels = match[3];
    auto& shape = shapes[match[1]];
    shape.type = match[2];
    for (std::sregex_iterator i(labels.begin(), labels.end(), label), end; i != end; ++i) {
      shape.labels.insert((*i)[1]);
    }
  }
  return shapes;
}

TEST(MetricsPage, ListsExactlyWhatIsServed) {
  const auto page = documented();
  const auto text = shapes_of(served());
  for (const auto& [name, shape] : text) {
    const auto found = page.find(name);
    if (found == page.end()) {
      ADD_FAILURE() << name << " is not on the page";
      continue;
    }
    EXPECT_EQ(shape.type, found->second.type) << name;
    EXPECT_EQ(shape.labels, found->second.labels) << name;
  }
  for (const auto& [name, shape] : page) EXPECT_TRUE(text.contains(name)) << name;
}

/// What the reference served with a broker and two peers, in its names, types and labels.
TEST(MetricsPage, HasAllOfTheReference) {
  std::ifstream file(MEXPORT_VECTORS "/golden/metrics-after-traffic.prom");
  std::ostringstream reference;
  reference << file.rdbuf();
  const auto theirs = shapes_of(reference.str());
  const auto ours = shapes_of(served());
  ASSERT_EQ(theirs.size(), 9U);
  for (const auto& [name, shape] : theirs) {
    ASSERT_TRUE(ours.contains(name)) << name;
    EXPECT_EQ(ours.at(name).type, shape.type) << name;
    EXPECT_EQ(ours.at(name).labels, shape.labels) << name;
  }
}

}  // namespace
}  // namespace mexport::service
