// SPDX-License-Identifier: MIT
#include "config/overrides.hpp"

#include "config/monitor_name.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

using test::errors_of;
using test::warnings_of;
using testing::HasSubstr;

constexpr const char* kPeer =
    "/ip4/1.2.3.4/tcp/9/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ";

TEST(Overrides, BeatTheFile) {
  auto config = test::parse_good(test::monitor_document(
      R"("MonitorName":"file","Traces":{"Directory":"/file","Enabled":false})"));
  Report report;
  apply_overrides({.listen = {"/ip4/127.0.0.1/tcp/0"},
                   .peers = {kPeer},
                   .trace_directory = "/line",
                   .monitor_name = "line",
                   .api = {"[::1]:0"},
                   .no_limits = true},
                  config, report);
  EXPECT_TRUE(report.good());
  EXPECT_EQ(config.monitor.http_listen_addresses,
            (std::vector<api::ListenAddress>{{.host = "::1", .port = 0}}));
  ASSERT_EQ(config.addresses.swarm.size(), 1U);
  EXPECT_EQ(config.addresses.swarm[0].to_string(), "/ip4/127.0.0.1/tcp/0");
  ASSERT_EQ(config.peering.size(), 1U);
  EXPECT_EQ(config.peering[0].addresses.at(0).to_string(), "/ip4/1.2.3.4/tcp/9");
  EXPECT_EQ(config.monitor.traces.directory, "/line");
  EXPECT_TRUE(config.monitor.traces.enabled);
  EXPECT_EQ(config.monitor.monitor_name, "line");
  EXPECT_EQ(config.node.limits.max_connections_per_ip, 0U);
  EXPECT_EQ(config.node.limits.max_connections_per_subnet, 0U);
  EXPECT_TRUE(config.node.lift_rates);
  EXPECT_EQ(config.node.limits.max_connections, Limits().max_connections);
}

TEST(Overrides, NothingGivenChangesNothing) {
  auto config = default_config();
  Report report;
  apply_overrides({}, config, report);
  EXPECT_TRUE(report.good());
  EXPECT_EQ(config.addresses.swarm, default_config().addresses.swarm);
  EXPECT_FALSE(config.node.lift_rates);
}

TEST(Overrides, NameTheOptionInErrors) {
  auto config = default_config();
  Report report;
  apply_overrides({.listen = {"/ip4/1.2.3.4/udp/1/quic-v1", "x"},
                   .peers = {"/ip4/1.2.3.4/tcp/1"},
                   .trace_directory = {},
                   .monitor_name = "a.b",
                   .api = {"8432"}},
                  config, report);
  ASSERT_EQ(report.errors.size(), 5U);
  EXPECT_EQ(report.errors[0].path, "--listen");
  EXPECT_EQ(report.errors[1].found, "\"x\"");
  EXPECT_EQ(report.errors[2].path, "--api");
  EXPECT_EQ(report.errors[3].path, "--peer");
  EXPECT_EQ(report.errors[4].path, "--monitor-name");
}

TEST(Overrides, NoApiTakesItsAddresses) {
  auto config = default_config();
  Report report;
  apply_overrides({.listen = {}, .no_api = true}, config, report);
  EXPECT_TRUE(config.monitor.http_listen_addresses.empty());
}

TEST(Overrides, TraceDirectoryIsOfTheWorkingDirectory) {
  auto config = default_config();
  Report report;
  apply_overrides({.listen = {}, .peers = {}, .trace_directory = "t", .monitor_name = {}}, config,
                  report);
  EXPECT_EQ(config.monitor.traces.directory, (std::filesystem::current_path() / "t").string());
}

TEST(Complete, NamesTheMonitorAfterTheHost) {
  auto config = default_config();
  Report report;
  complete(config, "host-1.example.org", "/data", report);
  EXPECT_EQ(errors_of(report), "");
  EXPECT_EQ(config.monitor.monitor_name, "host-1");
  EXPECT_EQ(config.monitor.traces.directory, "/data/traces");
  ASSERT_EQ(report.notices.size(), 1U);
  EXPECT_THAT(to_string(report.notices[0]), HasSubstr("MonitorName: not given"));
  EXPECT_EQ(report.notices[0].level, base::LogLevel::info);
}

TEST(Complete, KeepsWhatIsGiven) {
  auto config = default_config();
  config.monitor.monitor_name = "given";
  config.monitor.traces.directory = "mine";
  Report report;
  complete(config, "bad host name", "/data", report);
  EXPECT_TRUE(report.good());
  EXPECT_TRUE(report.notices.empty());
  EXPECT_EQ(config.monitor.monitor_name, "given");
  EXPECT_EQ(config.monitor.traces.directory, "/data/mine");
  config.monitor.traces.directory = "/abs";
  complete(config, "h", "/data", report);
  EXPECT_EQ(config.monitor.traces.directory, "/abs");
}

TEST(Complete, RefusesAHostWithoutAUsableName) {
  for (const auto* host : {"", ".example", "a b"}) {
    auto config = default_config();
    Report report;
    complete(config, host, "/data", report);
    EXPECT_THAT(errors_of(report), HasSubstr("MonitorName: found nothing, and the host name"))
        << host;
  }
}

TEST(Complete, WarnsOfEachMissingTransport) {
  auto config = test::parse_good(test::read_file(MEXPORT_VECTORS "/config/kubo-0.43.json"));
  Report report;
  complete(config, "h", "/data", report);
  const auto warnings = warnings_of(report);
  EXPECT_EQ(std::ranges::count(warnings, '\n'), 6);
  EXPECT_THAT(warnings, HasSubstr("Addresses.Swarm[3]: this version does not have the transport "
                                  "quic-v1; not listening on /ip4/0.0.0.0/udp/4001/quic-v1"));
  EXPECT_THAT(warnings, HasSubstr("Addresses.Swarm[4]: this version does not have the transport "
                                  "webtransport"));
  EXPECT_THAT(warnings, HasSubstr("transport webrtc-direct"));
}

TEST(Complete, WarnsWhenNothingIsLeftToListenOn) {
  auto config = test::parse_good(R"({"Addresses":{"Swarm":["/ip4/0.0.0.0/tcp/1/ws"]}})");
  Report report;
  complete(config, "h", "/data", report);
  EXPECT_THAT(warnings_of(report), HasSubstr("transport ws"));
  EXPECT_THAT(warnings_of(report), HasSubstr("none of these can be listened on"));
}

TEST(MonitorName, Rule) {
  for (const auto* name : {"a", "monitor-1", "de_01", "größe", "*"}) {
    EXPECT_TRUE(is_valid_monitor_name(name)) << name;
  }
  EXPECT_TRUE(is_valid_monitor_name(std::string(kMaxMonitorNameSize, 'x')));
  for (const auto* name : {"", "a.b", ".", "..", "a/b", "a b", "a\tb", "a\n", "a\\b", "\x7f"}) {
    EXPECT_FALSE(is_valid_monitor_name(name)) << name;
  }
  EXPECT_FALSE(is_valid_monitor_name(std::string(kMaxMonitorNameSize + 1, 'x')));
}

TEST(MonitorName, HostHasAName) {
  EXPECT_NE(host_name(), "");
}

}  // namespace
}  // namespace mexport::config
