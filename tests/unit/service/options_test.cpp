// SPDX-License-Identifier: MIT
#include "service/options.hpp"

#include "config/parse_config.hpp"
#include "config/parse_privacy.hpp"

#include "service/version.hpp"
#include <gtest/gtest.h>

namespace mexport::service {
namespace {

constexpr const char* kDocument = R"({
  "Plugins": {"Plugins": {"metric-export-plugin": {"Config": {
    "MonitorName": "mon1", "Contact": "https://example.org/monitor",
    "Privacy": {"Addresses": "prefix", "Peers": "keyed"},
    "Exclude": {"Peers": ["QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
                "Subnets": ["192.0.2.0/24", "/ip6/2001:db8::/ipcidr/32"]},
    "Traces": {"Directory": "/traces", "RotateInterval": 60, "RotateBytes": 1048576}}}}}})";

config::Config document() {
  auto parsed = config::parse_config(kDocument);
  EXPECT_TRUE(parsed.report.good());
  return parsed.config;
}

exporter::TraceOptions first_trace(const config::Config& config) {
  return trace_options(config, config::trace_sinks(config.monitor).at(0));
}

TEST(PipelineOptions, SayWhoRecordsAndHow) {
  const auto options = pipeline_options(document());
  EXPECT_EQ(options.version, version());
  EXPECT_EQ(options.monitor_name, "mon1");
  EXPECT_EQ(options.contact, "https://example.org/monitor");
  EXPECT_EQ(options.configuration_hash.size(), 64U);
}

TEST(PrivacyOptions, HoldTheConfiguration) {
  const auto options = privacy_options(document(), monitor::PeerKey());
  EXPECT_EQ(options.addresses, monitor::AddressDetail::prefix);
  EXPECT_TRUE(options.peer_key);
  EXPECT_EQ(options.excluded_peers.size(), 1U);
  EXPECT_EQ(options.excluded_subnets.size(), 2U);
}

TEST(AgentVersion, NamesAContact) {
  EXPECT_EQ(agent_version(""), "mexport/" + std::string(version()));
  EXPECT_EQ(agent_version("a@b"), "mexport/" + std::string(version()) + " (+a@b)");
  EXPECT_LE(agent_version(std::string(config::kMaxContactSize, 'x')).size(), 128U);
}

TEST(AmqpOptions, AreThoseOfTheirSink) {
  auto config = document();
  config.monitor.amqp.servers = {"amqp://a", "amqp://b"};
  config.monitor.spool.directory = "/spool";
  config::AmqpSink backup{.name = "backup", .amqp = {}, .spool = {}};
  backup.amqp.servers = {"amqp://c"};
  backup.amqp.window = 7;
  config.monitor.more_amqp_sinks.push_back(backup);
  const auto sinks = config::amqp_sinks(config.monitor);
  ASSERT_EQ(sinks.size(), 2U);
  const auto first = amqp_options("mon1", sinks[0]);
  EXPECT_EQ(first.name, "amqp");
  EXPECT_EQ(first.brokers.size(), 2U);
  EXPECT_EQ(first.spool_path, "/spool/amqp.sqlite");
  auto second = sinks[1];
  second.spool.directory = "/spool";
  const auto options = amqp_options("mon1", second);
  EXPECT_EQ(options.name, "backup");
  EXPECT_EQ(options.delivery.window_bodies, 7U);
  EXPECT_EQ(options.spool_path, "/spool/backup.sqlite");
}

TEST(TraceOptions, AddTheMonitorsNameToTheDirectory) {
  const auto options = first_trace(document());
  EXPECT_EQ(options.directory, "/traces/mon1");
  EXPECT_EQ(options.rotate_interval, std::chrono::seconds(60));
  EXPECT_EQ(options.rotate_bytes, 1048576U);
  EXPECT_EQ(options.retention.max_age, std::chrono::days(90));
  EXPECT_EQ(options.retention.max_percent, 80U);
}

TEST(TraceOptions, KeepAnEventFromDiskForLessThanASecond) {
  const auto batch = pipeline_options(document()).batch;
  EXPECT_LE(first_trace(document()).flush_interval + batch.age, std::chrono::milliseconds(800));
}

}  // namespace
}  // namespace mexport::service
