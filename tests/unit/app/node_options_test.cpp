// SPDX-License-Identifier: MIT
#include "app/node_options.hpp"

#include "config/parse_config.hpp"
#include "libp2p/tcp/tcp_transport.hpp"
#include "libp2p/transport.hpp"

#include "service/options.hpp"
#include "service/version.hpp"
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
    "Contact": "https://example.org/monitor"}}}},
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

exporter::TraceOptions first_trace(const config::Config& config) {
  return service::trace_options(config, config::trace_sinks(config.monitor).at(0));
}

TEST(NodeOptions, HoldTheConfiguration) {
  config::Report report;
  const auto options = node_options(document(), report);
  EXPECT_EQ(options.agent_version, service::agent_version("https://example.org/monitor"));
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

TEST(NodeOptions, WithoutKeysAreTheModulesDefaults) {
  config::Report report;
  const auto limits = node_options(config::default_config(), report).limits;
  const node::NodeLimits defaults;
  EXPECT_EQ(limits.handshake.first_bytes, defaults.handshake.first_bytes);
  EXPECT_EQ(limits.handshake.total, defaults.handshake.total);
  EXPECT_EQ(limits.dial_timeout, libp2p::tcp::TcpTransport::Options().connect_timeout);
  EXPECT_EQ(limits.max_dials, libp2p::SwarmOptions().max_dials);
  EXPECT_EQ(limits.stream_negotiation_timeout, libp2p::SwarmOptions().stream_negotiation_timeout);
  EXPECT_EQ(limits.identify_timeout, libp2p::SwarmOptions().identify_timeout);
  EXPECT_EQ(limits.identify_pushes, defaults.identify_pushes);
  EXPECT_EQ(limits.yamux.max_unacked_streams, defaults.yamux.max_unacked_streams);
  EXPECT_EQ(limits.yamux.keep_alive_after, defaults.yamux.keep_alive_after);
  EXPECT_EQ(limits.yamux.ping_timeout, defaults.yamux.ping_timeout);
  EXPECT_EQ(limits.yamux.frame_rate, defaults.yamux.frame_rate);
  EXPECT_EQ(limits.bitswap.answer_timeout, defaults.bitswap.answer_timeout);
  EXPECT_EQ(limits.bitswap.max_answer_streams, defaults.bitswap.max_answer_streams);
  EXPECT_EQ(limits.bitswap.max_pending_answers, defaults.bitswap.max_pending_answers);
  EXPECT_EQ(limits.bitswap.max_ledger_wants, defaults.bitswap.max_ledger_wants);
  EXPECT_EQ(limits.bitswap.empty_messages, defaults.bitswap.empty_messages);
  EXPECT_EQ(limits.bitswap.max_streams, defaults.bitswap.max_streams);
  const auto queue = service::pipeline_options(config::default_config()).queue;
  EXPECT_EQ(queue.facts, exporter::PipelineOptions().queue.facts);
  EXPECT_EQ(queue.bytes, exporter::PipelineOptions().queue.bytes);
  EXPECT_EQ(first_trace(config::default_config()).queue_bytes,
            exporter::TraceOptions().queue_bytes);
  EXPECT_EQ(config::Limits().max_unsent_bytes, libp2p::kMaxPendingWrite);
}

// Every key has a value of its own: two that are mixed up would show.
TEST(NodeOptions, HoldEachLimitInItsPlace) {
  auto config = config::default_config();
  config.node.limits.first_bytes_timeout = std::chrono::milliseconds(101);
  config.node.limits.handshake_timeout = std::chrono::milliseconds(102);
  config.node.limits.dial_timeout = std::chrono::milliseconds(103);
  config.node.limits.stream_negotiation_timeout = std::chrono::milliseconds(104);
  config.node.limits.keep_alive_interval = std::chrono::milliseconds(105);
  config.node.limits.keep_alive_timeout = std::chrono::milliseconds(106);
  config.node.limits.identify_timeout = std::chrono::milliseconds(107);
  config.node.limits.answer_timeout = std::chrono::milliseconds(108);
  config.node.limits.max_dials = 11;
  config.node.limits.max_streams_per_protocol = 12;
  config.node.limits.max_unaccepted_streams = 13;
  config.node.limits.frames_at_once = 14;
  config.node.limits.frames_per_second = 50;
  config.node.limits.identify_pushes_at_once = 15;
  config.node.limits.identify_pushes_per_minute = 6;
  config.node.limits.empty_messages_at_once = 16;
  config.node.limits.empty_messages_per_second = 20;
  config.node.limits.max_ledger_wants = 17;
  config.node.limits.max_pending_answers = 18;
  config.node.limits.max_answer_streams = 19;
  config.node.limits.queued_facts = 20;
  config.node.limits.queued_bytes = 21;
  config.node.limits.queued_trace_bytes = 22;

  config::Report report;
  const auto limits = node_options(config, report).limits;
  EXPECT_EQ(limits.handshake.first_bytes.count(), 101);
  EXPECT_EQ(limits.handshake.total.count(), 102);
  EXPECT_EQ(limits.dial_timeout.count(), 103);
  EXPECT_EQ(limits.stream_negotiation_timeout.count(), 104);
  EXPECT_EQ(limits.yamux.keep_alive_after.count(), 105);
  EXPECT_EQ(limits.yamux.ping_timeout.count(), 106);
  EXPECT_EQ(limits.identify_timeout.count(), 107);
  EXPECT_EQ(limits.bitswap.answer_timeout.count(), 108);
  EXPECT_EQ(limits.max_dials, 11U);
  EXPECT_EQ(limits.bitswap.max_streams, 12U);
  EXPECT_EQ(limits.yamux.max_unacked_streams, 13U);
  EXPECT_EQ(limits.yamux.frame_rate, (base::Rate{std::chrono::milliseconds(20), 14}));
  EXPECT_EQ(limits.identify_pushes, (base::Rate{std::chrono::seconds(10), 15}));
  EXPECT_EQ(limits.bitswap.empty_messages, (base::Rate{std::chrono::milliseconds(50), 16}));
  EXPECT_EQ(limits.bitswap.max_ledger_wants, 17U);
  EXPECT_EQ(limits.bitswap.max_pending_answers, 18U);
  EXPECT_EQ(limits.bitswap.max_answer_streams, 19U);
  EXPECT_EQ(service::pipeline_options(config).queue.facts, 20U);
  EXPECT_EQ(service::pipeline_options(config).queue.bytes, 21U);
  EXPECT_EQ(first_trace(config).queue_bytes, 22U);
}

TEST(NodeOptions, ReportPeersThatCannotBeDialled) {
  config::Report report;
  node_options(config::default_config(), report);
  EXPECT_FALSE(report.notices.empty());
}

}  // namespace
}  // namespace mexport::app
