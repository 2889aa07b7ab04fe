// SPDX-License-Identifier: MIT
#include "app/module_options.hpp"

#include "app/version.hpp"
#include "config/parse_config.hpp"
#include "config/parse_privacy.hpp"

#include <gtest/gtest.h>

namespace mexport::app {
namespace {

constexpr const char* kDocument = R"({
  "Addresses": {"Swarm": ["/ip4/127.0.0.1/tcp/4001", "/ip4/127.0.0.1/udp/4001/quic-v1"],
                "Announce": ["/ip4/203.0.113.7/tcp/4001"],
                "AppendAnnounce": ["/ip4/203.0.113.8/tcp/4001"],
                "NoAnnounce": ["/ip4/10.0.0.0/ipcidr/8", "/ip4/203.0.113.9/tcp/1"]},
  "Swarm": {"AddrFilters": ["/ip4/192.0.2.0/ipcidr/24"]},
  "Bootstrap": ["/ip4/203.0.113.1/tcp/4001/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
  "Plugins": {"Plugins": {"metric-export-plugin": {"Config": {
    "MonitorName": "mon1", "Contact": "https://example.org/monitor",
    "Privacy": {"Addresses": "prefix", "Peers": "keyed"},
    "Exclude": {"Peers": ["QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"],
                "Subnets": ["192.0.2.0/24", "/ip6/2001:db8::/ipcidr/32"]},
    "Traces": {"Directory": "/traces", "RotateInterval": 60, "RotateBytes": 1048576}}}}},
  "Mexport": {"Network": "private", "Bitswap": {"AnswerDontHave": false},
              "Security": {"Prefer": "offered"},
              "Limits": {"MaxConnections": 7, "MaxConnectionsPerIP": 6, "MaxHandshakes": 5,
                         "MaxStreamsPerConnection": 4, "MaxStreams": 9,
                         "MaxBufferedBytes": 3000000, "MaxBufferedBytesPerConnection": 2000000,
                         "MaxConnectionsPerSubnet": 8,
                         "SubnetPrefixIPv4": 20, "SubnetPrefixIPv6": 40}}})";

config::Config document() {
  auto parsed = config::parse_config(kDocument);
  EXPECT_TRUE(parsed.report.good());
  return parsed.config;
}

TEST(NodeOptions, HoldTheConfiguration) {
  config::Report report;
  const auto options = node_options(document(), report);
  EXPECT_EQ(options.agent_version, agent_version("https://example.org/monitor"));
  ASSERT_EQ(options.listen.size(), 1U);
  EXPECT_EQ(options.listen[0].to_string(), "/ip4/127.0.0.1/tcp/4001");
  EXPECT_EQ(options.announce.announce.size(), 1U);
  EXPECT_EQ(options.announce.append.size(), 1U);
  EXPECT_EQ(options.announce.no_announce.size(), 1U);
  EXPECT_EQ(options.announce.no_announce_ranges.size(), 1U);
  EXPECT_EQ(options.address_filters.size(), 1U);
  EXPECT_EQ(options.network, libp2p::NetworkKind::private_network);
  EXPECT_FALSE(options.answer_dont_have);
  EXPECT_EQ(options.security, libp2p::SecurityPreference::offered);
  ASSERT_EQ(options.keep.size(), 1U);
  EXPECT_EQ(options.keep[0].addresses.size(), 1U);
}

TEST(NodeOptions, HoldTheLimits) {
  config::Report report;
  const auto limits = node_options(document(), report).limits;
  EXPECT_EQ(limits.admission.connections, 7U);
  EXPECT_EQ(limits.admission.per_address, 6U);
  EXPECT_EQ(limits.admission.per_subnet, 8U);
  EXPECT_EQ(limits.admission.subnet_bits_ip4, 20);
  EXPECT_EQ(limits.admission.subnet_bits_ip6, 40);
  EXPECT_EQ(limits.max_handshakes, 5U);
  EXPECT_EQ(limits.max_streams_per_connection, 4U);
  EXPECT_EQ(limits.max_streams, 9U);
  EXPECT_EQ(limits.bytes.per_connection, 2'000'000U);
  EXPECT_EQ(limits.bytes.total, 3'000'000U);
}

TEST(NodeOptions, ReportPeersThatCannotBeDialled) {
  config::Report report;
  node_options(config::default_config(), report);
  EXPECT_FALSE(report.notices.empty());
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

TEST(TraceOptions, AddTheMonitorsNameToTheDirectory) {
  const auto options = trace_options(document());
  EXPECT_EQ(options.directory, "/traces/mon1");
  EXPECT_EQ(options.rotate_interval, std::chrono::seconds(60));
  EXPECT_EQ(options.rotate_bytes, 1048576U);
  EXPECT_EQ(options.retention.max_age, std::chrono::days(90));
  EXPECT_EQ(options.retention.max_percent, 80U);
}

TEST(TraceOptions, KeepAnEventFromDiskForLessThanASecond) {
  const auto batch = pipeline_options(document()).batch;
  EXPECT_LE(trace_options(document()).flush_interval + batch.age, std::chrono::milliseconds(800));
}

}  // namespace
}  // namespace mexport::app
