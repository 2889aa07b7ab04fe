// SPDX-License-Identifier: MIT
#include "monitor/reference_metrics.hpp"

#include "metrics/label_text.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mexport::monitor {

namespace {

using metrics::Families;
using metrics::Family;
using metrics::Type;

using Counts = std::map<std::string, std::uint64_t>;

/// The texts with the highest counts, and the sum of the rest.
struct Top {
  std::vector<std::pair<std::string, std::uint64_t>> texts;
  std::uint64_t others = 0;
};

/// Texts as labels show them; of equal counts the first in the alphabet is kept. A text "others" of
/// a peer's own is counted with the rest, since two series of one name are an error.
Top top_of(const Counts& counts, std::size_t limit) {
  Top top;
  Counts shown;
  for (const auto& [text, count] : counts) shown[metrics::label_text(text)] += count;
  if (const auto found = shown.extract("others")) top.others = found.mapped();
  top.texts.assign(shown.begin(), shown.end());
  std::ranges::sort(top.texts, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  for (std::size_t i = limit; i < top.texts.size(); ++i) top.others += top.texts[i].second;
  if (top.texts.size() > limit) top.texts.resize(limit);
  return top;
}

void collect_agents(const PeerCensus& census, std::size_t limit, Families& families) {
  Family family{"plugin_metric_export_peers_by_agent_version",
                Type::gauge,
                "Connected peers, by agent version.",
                {}};
  const auto top = top_of(census.agent_versions, limit);
  for (const auto& [agent, count] : top.texts) family.add({{"agent_version", agent}}, count);
  family.add({{"agent_version", "others"}}, top.others);
  families.push_back(std::move(family));
}

void collect_protocols(const PeerCensus& census, Families& families) {
  Family family{"plugin_metric_export_peers_supported_protocols",
                Type::gauge,
                "Connected peers that support a protocol.",
                {}};
  const auto top = top_of(census.protocols, ReferenceMetrics::kMaxProtocols);
  for (const auto& [protocol, count] : top.texts) family.add({{"protocol", protocol}}, count);
  if (top.others > 0) family.add({{"protocol", "others"}}, top.others);
  families.push_back(std::move(family));
}

void collect_transports(const PeerCensus& census, Families& families) {
  Family family{"ipfs_p2p_peers_total", Type::gauge, "Connections, by transport.", {}};
  for (const auto& [transport, count] : census.transports) {
    family.add({{"transport", transport}}, count);
  }
  families.push_back(std::move(family));
}

void collect_streams(const HostStatistics& statistics, Families& families) {
  Family family{"plugin_metric_export_open_streams",
                Type::gauge,
                "Open streams, by protocol and direction.",
                {}};
  const auto add = [&](const std::string& protocol, const char* direction, std::uint64_t count) {
    if (count > 0) family.add({{"direction", direction}, {"protocol", protocol}}, count);
  };
  for (const auto& [protocol, streams] : statistics.streams_by_protocol) {
    add(protocol, "inbound", streams.inbound);
    add(protocol, "outbound", streams.outbound);
  }
  families.push_back(std::move(family));
}

/// A probe that is switched off tracks nothing, and the reference serves zeros.
void collect_probe(const PeerCensus& census, bool on, Families& families) {
  const auto add = [&](const char* name, const char* help, std::uint64_t value) {
    Family family{name, Type::gauge, help, {}};
    family.add({}, on ? value : 0);
    families.push_back(std::move(family));
  };
  add("plugin_metric_export_bitswap_senders", "Peers that the discovery probe can ask.",
      census.askable);
  add("plugin_metric_export_wiretap_peers", "Peers that the discovery probe tracks.", census.peers);
  add("plugin_metric_export_wiretap_connections", "Connections that the discovery probe tracks.",
      census.connections);
}

}  // namespace

const PeerCensus& ReferenceMetrics::census() {
  const auto now = clock_.now();
  if (!census_ || now - taken_ >= options_.interval) {
    census_ = host_.census();
    taken_ = now;
  }
  return *census_;
}

void ReferenceMetrics::collect(const HostStatistics& statistics, Families& families) {
  const auto& peers = census();
  collect_agents(peers, std::min(options_.agent_versions, kMaxAgentVersions), families);
  collect_protocols(peers, families);
  if (options_.kubos_own) collect_transports(peers, families);
  collect_streams(statistics, families);
  collect_probe(peers, options_.probe, families);
}

}  // namespace mexport::monitor
