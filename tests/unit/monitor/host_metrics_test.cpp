// SPDX-License-Identifier: MIT
#include "monitor/host_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

namespace mexport::monitor {
namespace {

using metrics::Families;
using metrics::Family;
using metrics::Labels;

std::optional<double> value(const Families& families, const std::string& name,
                            const Labels& labels = {}) {
  const auto family = std::ranges::find(families, name, &Family::name);
  if (family == families.end()) return std::nullopt;
  for (const auto& sample : family->samples) {
    if (sample.labels == labels) return sample.value;
  }
  return std::nullopt;
}

Families families_of(const HostStatistics& statistics) {
  Families families;
  collect_host(statistics, families);
  return families;
}

TEST(HostMetrics, TellsWantsByTypeAndFlag) {
  HostStatistics statistics;
  statistics.counters = {{"bitswap_want_have", 10},
                         {"bitswap_want_have_send_dont_have", 4},
                         {"bitswap_want_block", 3},
                         {"bitswap_want_block_send_dont_have", 3},
                         {"bitswap_cancels", 7}};
  statistics.wants_by_agent_family = {{"kubo", 13}};
  const auto families = families_of(statistics);
  const std::string name = "mexport_bitswap_wantlist_entries_total";
  EXPECT_EQ(value(families, name, {{"type", "want_have"}, {"send_dont_have", "true"}}), 4);
  EXPECT_EQ(value(families, name, {{"type", "want_have"}, {"send_dont_have", "false"}}), 6);
  EXPECT_EQ(value(families, name, {{"type", "want_block"}, {"send_dont_have", "false"}}), 0);
  EXPECT_EQ(value(families, name, {{"type", "cancel"}}), 7);
  EXPECT_EQ(value(families, "mexport_bitswap_wants_total", {{"agent_family", "kubo"}}), 13);
}

TEST(HostMetrics, SortsCountersByName) {
  HostStatistics statistics;
  statistics.counters = {{"handshake_failed_inbound_timeout", 1},
                         {"closed_eof", 2},
                         {"closed_for_streams", 3},
                         {"refused_per_ip", 4},
                         {"bitswap_refused_empty", 5},
                         {"bitswap_refused_bad_cid", 6},
                         {"bytes_in_tls", 7},
                         {"dials", 8},
                         {"close_code_received_gated", 9}};
  const auto families = families_of(statistics);
  EXPECT_EQ(value(families, "mexport_handshake_failures_total",
                  {{"direction", "inbound"}, {"reason", "timeout"}}),
            1);
  EXPECT_EQ(value(families, "mexport_disconnects_total", {{"reason", "eof"}}), 2);
  const std::string limits = "mexport_limits_reached_total";
  EXPECT_EQ(value(families, limits, {{"limit", "closed_for_streams"}}), 3);
  EXPECT_EQ(value(families, limits, {{"limit", "refused_per_ip"}}), 4);
  EXPECT_EQ(value(families, limits, {{"limit", "bitswap_refused_empty"}}), 5);
  EXPECT_EQ(value(families, "mexport_bitswap_refused_total", {{"reason", "bad_cid"}}), 6);
  EXPECT_EQ(value(families, "mexport_socket_bytes_total",
                  {{"direction", "in"}, {"security", "tls"}, {"transport", "tcp"}}),
            7);
  EXPECT_EQ(value(families, "mexport_other_total", {{"name", "dials"}}), 8);
  EXPECT_EQ(value(families, "mexport_disconnect_codes_total",
                  {{"direction", "received"}, {"code", "gated"}}),
            9);
}

TEST(HostMetrics, TellsWhatIsOpen) {
  HostStatistics statistics;
  statistics.connections_inbound = 5;
  statistics.messages_total = 9;
  statistics.live_wants = 3;
  statistics.buffered_bytes = 4;
  statistics.streams_by_protocol["/a"] = {.inbound = 1, .bytes_in = 10, .bytes_out = 20};
  statistics.other_streams.bytes_in = 30;
  statistics.loop_latency_by_thread = {0.25, 0};
  const auto families = families_of(statistics);
  EXPECT_EQ(value(families, "mexport_connections", {{"direction", "inbound"}}), 5);
  EXPECT_EQ(value(families, "mexport_connections", {{"direction", "outbound"}}), 0);
  EXPECT_EQ(value(families, "mexport_bitswap_messages_total"), 9);
  EXPECT_EQ(value(families, "mexport_loop_latency_seconds", {{"shard", "0"}}), 0.25);
  EXPECT_EQ(value(families, "mexport_bitswap_live_wants"), 3);
  EXPECT_EQ(value(families, "mexport_buffered_bytes"), 4);
  const std::string bytes = "mexport_stream_bytes_total";
  EXPECT_EQ(value(families, bytes, {{"protocol", "/a"}, {"direction", "in"}}), 10);
  EXPECT_EQ(value(families, bytes, {{"protocol", "/a"}, {"direction", "out"}}), 20);
  EXPECT_EQ(value(families, bytes, {{"protocol", ""}, {"direction", "in"}}), 30);
}

}  // namespace
}  // namespace mexport::monitor
