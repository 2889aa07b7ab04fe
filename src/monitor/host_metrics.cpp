// SPDX-License-Identifier: MIT
#include "monitor/host_metrics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace mexport::monitor {

namespace {

using metrics::Families;
using metrics::Family;
using metrics::Labels;
using metrics::Type;

struct Counted {
  std::string_view name;
  std::string_view help;
};
constexpr std::array kFamilies{
    Counted{"mexport_bitswap_message_bytes_total", "Bytes of Bitswap messages received."},
    Counted{"mexport_bitswap_full_wantlists_total", "Messages with a full wantlist."},
    Counted{"mexport_bitswap_blocks_total", "Blocks received."},
    Counted{"mexport_bitswap_block_bytes_total", "Bytes of blocks received."},
    Counted{"mexport_bitswap_presences_total", "Block presences received, by type."},
    Counted{"mexport_bitswap_refused_total", "Bitswap messages refused, by reason."},
    Counted{"mexport_bitswap_served_total", "What peers wanted and were given, by type."},
    Counted{"mexport_bitswap_served_bytes_total", "Bytes of blocks that peers were given."},
    Counted{"mexport_connections_opened_total", "Connections made, in both directions."},
    Counted{"mexport_disconnects_total", "Connections ended, by reason."},
    Counted{"mexport_disconnect_codes_total", "Codes that ended connections, by who sent them."},
    Counted{"mexport_handshakes_total", "Handshakes completed, by security protocol."},
    Counted{"mexport_handshake_failures_total", "Handshakes failed, by direction and reason."},
    Counted{"mexport_limits_reached_total", "How often a limit was reached, by limit."},
    Counted{"mexport_socket_bytes_total", "Bytes on sockets of connections that were made."},
    Counted{"mexport_other_total", "Everything else that a node counts, by name."},
};

/// How a counter of HostStatistics becomes a series.
struct Rule {
  std::string_view counter;
  std::string_view family;  ///< empty: served in another way
  /// Takes what follows `counter` in the name; empty: the names have to be equal.
  std::string_view rest_label{};
  std::string_view label{};  ///< another label, with its value
  std::string_view value{};
};
/// The first one counts that matches.
constexpr std::array kRules{
    Rule{"bitswap_messages", ""},
    Rule{"bitswap_entries", ""},
    Rule{"bitswap_want_", "", "type"},
    Rule{"bitswap_cancels", ""},
    Rule{"bitswap_message_bytes", "mexport_bitswap_message_bytes_total"},
    Rule{"bitswap_full_wantlists", "mexport_bitswap_full_wantlists_total"},
    Rule{"bitswap_blocks", "mexport_bitswap_blocks_total"},
    Rule{"bitswap_block_bytes", "mexport_bitswap_block_bytes_total"},
    Rule{"bitswap_presences_", "mexport_bitswap_presences_total", "type"},
    Rule{"bitswap_refused_empty", "mexport_limits_reached_total", "", "limit",
         "bitswap_refused_empty"},
    Rule{"bitswap_ledger_full", "mexport_limits_reached_total", "", "limit", "bitswap_ledger_full"},
    Rule{"bitswap_answers_dropped_full", "mexport_limits_reached_total", "", "limit",
         "bitswap_answers_dropped_full"},
    Rule{"bitswap_answers_dropped_share", "mexport_limits_reached_total", "", "limit",
         "bitswap_answers_dropped_share"},
    Rule{"bitswap_served_haves", "mexport_bitswap_served_total", "", "type", "have"},
    Rule{"bitswap_served_blocks", "mexport_bitswap_served_total", "", "type", "block"},
    Rule{"bitswap_served_block_bytes", "mexport_bitswap_served_bytes_total"},
    Rule{"bitswap_serve_dropped_full", "mexport_limits_reached_total", "", "limit",
         "bitswap_serve_dropped_full"},
    Rule{"bitswap_refused_", "mexport_bitswap_refused_total", "reason"},
    Rule{"connected", "mexport_connections_opened_total"},
    Rule{"closed_for_bytes", "mexport_limits_reached_total", "", "limit", "closed_for_bytes"},
    Rule{"closed_for_bytes_total", "mexport_limits_reached_total", "", "limit",
         "closed_for_bytes_total"},
    Rule{"closed_for_streams", "mexport_limits_reached_total", "", "limit", "closed_for_streams"},
    Rule{"closed_for_slow_messages", "mexport_limits_reached_total", "", "limit",
         "closed_for_slow_messages"},
    Rule{"closed_", "mexport_disconnects_total", "reason"},
    Rule{"close_code_received_", "mexport_disconnect_codes_total", "code", "direction", "received"},
    Rule{"close_code_sent_", "mexport_disconnect_codes_total", "code", "direction", "sent"},
    Rule{"secured_", "mexport_handshakes_total", "security"},
    Rule{"handshake_failed_inbound_", "mexport_handshake_failures_total", "reason", "direction",
         "inbound"},
    Rule{"handshake_failed_outbound_", "mexport_handshake_failures_total", "reason", "direction",
         "outbound"},
    Rule{"refused_", "mexport_limits_reached_total", "limit"},
    Rule{"streams_refused", "mexport_limits_reached_total", "", "limit", "streams_refused"},
    Rule{"streams_refused_per_protocol", "mexport_limits_reached_total", "", "limit",
         "streams_refused_per_protocol"},
    Rule{"ping_refused", "mexport_limits_reached_total", "", "limit", "ping_refused"},
    Rule{"identify_push_refused", "mexport_limits_reached_total", "", "limit",
         "identify_push_refused"},
    Rule{"dials_without_room", "mexport_limits_reached_total", "", "limit", "dials_without_room"},
    Rule{"reading_paused_", "mexport_limits_reached_total", "limit"},
    Rule{"listener_out_of_descriptors", "mexport_limits_reached_total", "", "limit",
         "listener_out_of_descriptors"},
    Rule{"bytes_in_", "mexport_socket_bytes_total", "security", "direction", "in"},
    Rule{"bytes_out_", "mexport_socket_bytes_total", "security", "direction", "out"},
    Rule{"", "mexport_other_total", "name"},
};

bool matches(const Rule& rule, std::string_view name) {
  return rule.rest_label.empty() ? name == rule.counter : name.starts_with(rule.counter);
}

Labels labels_of(const Rule& rule, std::string_view name) {
  Labels labels;
  if (!rule.label.empty()) labels.emplace_back(rule.label, rule.value);
  // A limit bears its counter's whole name, by which docs/limits.md lists it.
  const auto rest = rule.rest_label == "limit" ? name : name.substr(rule.counter.size());
  if (!rule.rest_label.empty()) labels.emplace_back(rule.rest_label, rest);
  if (rule.family == "mexport_socket_bytes_total") labels.emplace_back("transport", "tcp");
  return labels;
}

void collect_counters(const HostStatistics& statistics, Families& families) {
  Families own;
  for (const auto& [name, help] : kFamilies) {
    own.push_back({std::string(name), Type::counter, std::string(help), {}});
  }
  for (const auto& [name, value] : statistics.counters) {
    const auto* rule =
        std::ranges::find_if(kRules, [&](const Rule& r) { return matches(r, name); });
    if (rule->family.empty()) continue;
    std::ranges::find(own, rule->family, &Family::name)->add(labels_of(*rule, name), value);
  }
  std::ranges::move(own, std::back_inserter(families));
}

std::uint64_t counter(const HostStatistics& statistics, const std::string& name) {
  const auto found = statistics.counters.find(name);
  return found == statistics.counters.end() ? 0 : found->second;
}

void collect_entries(const HostStatistics& statistics, Families& families) {
  Family entries{"mexport_bitswap_wantlist_entries_total",
                 Type::counter,
                 "Entries of wantlists received, by type and by sendDontHave.",
                 {}};
  const auto add = [&](std::string type, const char* flag, std::uint64_t value) {
    entries.add({{"type", std::move(type)}, {"send_dont_have", flag}}, value);
  };
  for (const std::string type : {"want_block", "want_have"}) {
    const auto all = counter(statistics, "bitswap_" + type);
    const auto asked = counter(statistics, "bitswap_" + type + "_send_dont_have");
    add(type, "true", asked);
    add(type, "false", all - std::min(asked, all));  // they are read one after the other
  }
  entries.add({{"type", "cancel"}}, counter(statistics, "bitswap_cancels"));
  entries.add({{"type", "unknown"}}, counter(statistics, "bitswap_want_other"));
  families.push_back(std::move(entries));

  Family wants{"mexport_bitswap_wants_total",
               Type::counter,
               "Entries received that are no cancels, by the sender's software.",
               {}};
  for (const auto& [family, count] : statistics.wants_by_agent_family) {
    wants.add({{"agent_family", family}}, count);
  }
  families.push_back(std::move(wants));
  families.push_back({"mexport_bitswap_messages_total",
                      Type::counter,
                      "Bitswap messages received.",
                      {{{}, static_cast<double>(statistics.messages_total)}}});
}

void collect_streams(const HostStatistics& statistics, Families& families) {
  Family bytes{"mexport_stream_bytes_total",
               Type::counter,
               "What streams carried, by protocol and direction.",
               {}};
  const auto add = [&](const std::string& protocol, const HostStatistics::Streams& streams) {
    bytes.add({{"protocol", protocol}, {"direction", "in"}}, streams.bytes_in);
    bytes.add({{"protocol", protocol}, {"direction", "out"}}, streams.bytes_out);
  };
  for (const auto& [protocol, streams] : statistics.streams_by_protocol) add(protocol, streams);
  add("", statistics.other_streams);
  families.push_back(std::move(bytes));
}

void collect_now(const HostStatistics& statistics, Families& families) {
  Family connections{"mexport_connections", Type::gauge, "Open connections, by direction.", {}};
  connections.add({{"direction", "inbound"}}, statistics.connections_inbound);
  connections.add({{"direction", "outbound"}}, statistics.connections_outbound);
  families.push_back(std::move(connections));
  families.push_back({"mexport_handshakes_in_progress",
                      Type::gauge,
                      "Handshakes under way.",
                      {{{}, static_cast<double>(statistics.handshakes_in_progress)}}});
  families.push_back({"mexport_bitswap_live_wants",
                      Type::gauge,
                      "Wants of connected peers that stand.",
                      {{{}, static_cast<double>(statistics.live_wants)}}});
  families.push_back({"mexport_buffered_bytes",
                      Type::gauge,
                      "Bytes that peers make the node hold.",
                      {{{}, static_cast<double>(statistics.buffered_bytes)}}});
  Family latency{"mexport_loop_latency_seconds",
                 Type::gauge,
                 "The worst delay of a shard's thread in the last minute or two.",
                 {}};
  for (std::size_t i = 0; i < statistics.loop_latency_by_thread.size(); ++i) {
    latency.add({{"shard", std::to_string(i)}}, statistics.loop_latency_by_thread[i]);
  }
  families.push_back(std::move(latency));
}

}  // namespace

void collect_host(const HostStatistics& statistics, Families& families) {
  collect_now(statistics, families);
  collect_streams(statistics, families);
  collect_entries(statistics, families);
  collect_counters(statistics, families);
}

}  // namespace mexport::monitor
