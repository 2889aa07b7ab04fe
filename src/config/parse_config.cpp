// SPDX-License-Identifier: MIT
#include "config/parse_config.hpp"

#include "config/identity.hpp"
#include "config/json_document.hpp"
#include "config/monitor_name.hpp"
#include "config/parse_api.hpp"
#include "config/parse_block_store.hpp"
#include "config/parse_export.hpp"
#include "config/parse_peerstore.hpp"
#include "config/parse_privacy.hpp"
#include "config/parse_probe.hpp"
#include "config/parse_sinks.hpp"
#include "config/parse_traces.hpp"
#include "config/quantity.hpp"
#include "config/section.hpp"
#include "multiformats/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace mexport::config {
namespace {

using multiformats::IpRange;
using multiformats::Multiaddr;
using multiformats::PeerId;

constexpr std::int64_t kMaxShards = 256;
constexpr std::int64_t kMaxRest = 100;  // ms

/// Addresses of a list; what does not parse is reported.
std::optional<Multiaddr> read_address(std::string_view text, const std::string& path,
                                      std::string_view example, Report& report) {
  const auto address = Multiaddr::from_string(text);
  if (address) return *address;
  report.error(path, quote(text) + " (" + address.error().message() + ")",
               "a multiaddr like " + std::string(example));
  return std::nullopt;
}

void read_addresses(Section& section, std::string_view key, std::vector<Multiaddr>& out,
                    Report& report) {
  std::vector<Multiaddr> list;
  const bool given = section.each_text(key, [&](std::string_view text, const std::string& path) {
    if (auto address = read_address(text, path, "/ip4/203.0.113.7/tcp/4001", report)) {
      list.push_back(std::move(*address));
    }
  });
  if (given) out = std::move(list);
}

void read_no_announce(Section& section, Addresses& addresses, Report& report) {
  section.each_text("NoAnnounce", [&](std::string_view text, const std::string& path) {
    if (const auto range = IpRange::from_string(text)) {
      addresses.no_announce_ranges.push_back(*range);
    } else if (auto address = read_address(
                   text, path, "/ip4/10.0.0.0/ipcidr/8 or /ip4/203.0.113.7/tcp/4001", report)) {
      addresses.no_announce.push_back(std::move(*address));
    }
  });
}

void read_filters(Section section, std::vector<IpRange>& out, Report& report) {
  section.each_text("AddrFilters", [&](std::string_view text, const std::string& path) {
    if (const auto range = IpRange::from_string(text)) {
      out.push_back(*range);
    } else {
      report.error(path, quote(text), "an address range like /ip4/10.0.0.0/ipcidr/8");
    }
  });
}

void read_bootstrap(Section& root, Bootstrap& out, Report& report) {
  Bootstrap list{.automatic = false, .peers = {}};
  const bool given =
      root.each_text("Bootstrap", [&](std::string_view text, const std::string& path) {
        if (text == "auto") {
          list.automatic = true;
          return;
        }
        auto address = Multiaddr::from_string(text);
        if (address && address->peer_id()) {
          list.peers.push_back(std::move(*address));
        } else {
          report.error(path, quote(text), "\"auto\" or a multiaddr that ends in /p2p/<peer id>");
        }
      });
  if (given) out = std::move(list);
}

/// The addresses of one peer; a /p2p at their end must be that peer's.
void read_peer_addresses(Section& section, PeerEntry& peer, Report& report) {
  section.each_text("Addrs", [&](std::string_view text, const std::string& path) {
    const auto address = read_address(text, path, "/ip4/203.0.113.7/tcp/4001", report);
    if (!address) return;
    if (const auto id = address->peer_id(); id && *id != peer.id) {
      report.error(path, quote(text), "no /p2p, or that of this peer");
    } else {
      peer.addresses.push_back(address->without_p2p());
    }
  });
}

void read_peering(Section section, std::vector<PeerEntry>& out, Report& report) {
  section.each("Peers", [&](const boost::json::value& value, const std::string& path) {
    if (!value.is_object()) {
      report.error(path, describe(value), "an object with ID and Addrs");
      return;
    }
    Section entry(&value.get_object(), path, report);
    const auto text = entry.text("ID").value_or("");
    const auto id = PeerId::from_string(text);
    if (!id) {
      report.error(entry.path_of("ID"), quote(text), "a peer id");
      return;
    }
    PeerEntry peer{*id, {}};
    read_peer_addresses(entry, peer, report);
    out.push_back(std::move(peer));
  });
}

/// The key is a secret: what was found is told by its kind alone.
void read_identity(Section section, std::optional<Identity>& out, Report& report) {
  const auto peer_id = section.text("PeerID").value_or("");
  const auto private_key = section.secret("PrivKey").value_or("");
  if (peer_id.empty() && private_key.empty()) return;
  auto identity = identity_from_base64(private_key);
  if (!identity) {
    report.error(section.path_of("PrivKey"),
                 private_key.empty() ? "nothing" : "a text that is no private key",
                 "base64 of a private key's protobuf, as kubo writes it");
    return;
  }
  const auto id = PeerId::from_string(peer_id);
  if (!peer_id.empty() && (!id || *id != identity->peer_id)) {
    report.error(section.path_of("PeerID"), quote(peer_id),
                 "the id of PrivKey, " + identity->peer_id.to_string());
    return;
  }
  out = std::move(identity);
}

/// The reference's rule for its two intervals: absent, zero and below mean the default.
template <class T>
void read_positive(Section& section, std::string_view key, T& out, Report& report) {
  const auto number = section.integer(key);
  if (number && *number > 0) {
    out = T(*number);
    return;
  }
  if (number) {
    report.warn(section.path_of(key), "not above 0, the default is used");
  } else if (section.given()) {
    report.inform(section.path_of(key), "not given, the default is used");
  }
}

template <class T>
void read_number(Section& section, std::string_view key, std::int64_t min, std::int64_t max,
                 T& out) {
  if (const auto number = section.integer(key, min, max)) out = T(*number);
}

void read_monitor_name(Section& section, Monitor& monitor, Report& report) {
  auto name = section.text("MonitorName").value_or("");
  if (!name.empty() && !is_valid_monitor_name(name)) {
    report.error(section.path_of("MonitorName"), quote(name), std::string(kMonitorNameRule));
    return;
  }
  monitor.monitor_name = std::move(name);
}

void read_monitor(Section section, Monitor& monitor, Report& report) {
  read_positive(section, "PopulatePrometheusInterval", monitor.populate_prometheus_interval,
                report);
  read_positive(section, "AgentVersionCutOff", monitor.agent_version_cut_off, report);
  if (const auto probe = section.boolean("EnableBitswapDiscoveryProbe")) {
    monitor.enable_bitswap_discovery_probe = *probe;
  }
  read_export(section, monitor, report);
  read_monitor_name(section, monitor, report);
  read_api(section, monitor, report);
  read_traces(section.child("Traces"), monitor.traces, report);
  read_sinks(section, monitor, report);
  read_probe(section.child("Probe"), monitor.probe, report);
  read_peerstore(section.child("Peerstore"), monitor.peerstore, report);
  read_block_store(section.child("BlockStore"), monitor.block_store, report);
  read_privacy(section, monitor, report);
  section.warn_of_unknown();
}

/// Of two limits of which one holds within the other.
void expect_at_least(const Section& section, Report& report, std::string_view key,
                     std::size_t value, std::string_view inner_key, std::size_t inner) {
  if (value >= inner) return;
  report.error(section.path_of(key), std::to_string(value),
               "at least " + std::string(inner_key) + " (" + std::to_string(inner) + ")");
}

void check_limits(const Section& section, const Limits& limits, Report& report) {
  expect_at_least(section, report, "MaxStreams", limits.max_streams, "MaxStreamsPerConnection",
                  limits.max_streams_per_connection);
  expect_at_least(section, report, "MaxBufferedBytes", limits.max_buffered_bytes,
                  "MaxBufferedBytesPerConnection", limits.max_buffered_bytes_per_connection);
  if (limits.max_connections_per_subnet != 0) {
    expect_at_least(section, report, "MaxConnectionsPerSubnet", limits.max_connections_per_subnet,
                    "MaxConnectionsPerIP", limits.max_connections_per_ip);
  }
}

void read_limits(Section section, Limits& limits, Report& report) {
  for (const auto& key : limit_keys()) {
    const auto number = section.integer(key.name, key.min, key.max);
    if (number) key.set(limits, *number);
  }
  check_limits(section, limits, report);
  section.refuse_unknown();
}

void read_network(Section& section, Node& node, Report& report) {
  const auto name = section.text("Network");
  if (!name) return;
  if (*name == "public") {
    node.network = Network::public_network;
  } else if (*name == "private") {
    node.network = Network::private_network;
  } else {
    report.error(section.path_of("Network"), quote(*name), R"("public" or "private")");
  }
}

void read_security(Section section, Node& node, Report& report) {
  const auto prefer = section.text("Prefer");
  if (prefer == "noise") {
    node.security = Security::noise;
  } else if (prefer == "offered") {
    node.security = Security::offered;
  } else if (prefer) {
    report.error(section.path_of("Prefer"), quote(*prefer), R"("noise" or "offered")");
  }
  section.refuse_unknown();
}

void read_bitswap(Section section, Node& node) {
  if (const auto answer = section.boolean("AnswerDontHave")) node.answer_dont_have = *answer;
  section.refuse_unknown();
}

void read_node(Section section, Node& node, Report& report) {
  read_network(section, node, report);
  read_number(section, "Shards", 0, kMaxShards, node.shards);
  read_number(section, "RestBetweenReads", 0, kMaxRest, node.rest_between_reads);
  read_limits(section.child("Limits"), node.limits, report);
  read_security(section.child("Security"), node, report);
  read_bitswap(section.child("Bitswap"), node);
  section.refuse_unknown();
}

void read_document(const boost::json::object& object, ParsedConfig& parsed) {
  Config& config = parsed.config;
  Report& report = parsed.report;
  Section root(&object, "", report);
  read_identity(root.child("Identity"), config.identity, report);

  Section addresses = root.child("Addresses");
  read_addresses(addresses, "Swarm", config.addresses.swarm, report);
  read_addresses(addresses, "Announce", config.addresses.announce, report);
  read_addresses(addresses, "AppendAnnounce", config.addresses.append_announce, report);
  read_no_announce(addresses, config.addresses, report);

  read_filters(root.child("Swarm"), config.address_filters, report);
  read_bootstrap(root, config.bootstrap, report);
  read_peering(root.child("Peering"), config.peering, report);
  read_monitor(root.child("Plugins").child("Plugins").child("metric-export-plugin").child("Config"),
               config.monitor, report);
  read_node(root.child("Mexport"), config.node, report);
}

}  // namespace

ParsedConfig parse_config(std::string_view json, const std::string& name) {
  ParsedConfig parsed{.config = default_config(), .report = {}};
  if (const auto object = parse_json_document(json, parsed.report, name)) {
    read_document(*object, parsed);
  }
  return parsed;
}

}  // namespace mexport::config
