// SPDX-License-Identifier: MIT
#include "config/render_config.hpp"

#include "base/bytes.hpp"
#include "config/identity.hpp"
#include "config/json_document.hpp"
#include "config/quantity.hpp"
#include "crypto/hash.hpp"
#include "export/amqp/address.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace mexport::config {
namespace {

namespace json = boost::json;

enum class Secrets : std::uint8_t { hidden, shown };

json::object render_identity(const Identity& identity, Secrets secrets) {
  const bool shown = secrets == Secrets::shown;
  return {{"PeerID", identity.peer_id.to_string()},
          {"PrivKey", shown ? private_key_base64(identity) : std::string(kHidden)}};
}

template <class T>
json::array render_list(const std::vector<T>& items) {
  json::array list;
  for (const auto& item : items) list.emplace_back(item.to_string());
  return list;
}

json::object render_addresses(const Addresses& addresses) {
  json::array no_announce = render_list(addresses.no_announce);
  for (auto& range : render_list(addresses.no_announce_ranges)) no_announce.push_back(range);
  return {{"Swarm", render_list(addresses.swarm)},
          {"Announce", render_list(addresses.announce)},
          {"AppendAnnounce", render_list(addresses.append_announce)},
          {"NoAnnounce", std::move(no_announce)}};
}

json::array render_bootstrap(const Bootstrap& bootstrap) {
  json::array list = render_list(bootstrap.peers);
  if (bootstrap.automatic) list.emplace(list.begin(), "auto");
  return list;
}

json::array render_peering(const std::vector<PeerEntry>& peers) {
  json::array list;
  for (const auto& peer : peers) {
    list.push_back(
        json::object{{"ID", peer.id.to_string()}, {"Addrs", render_list(peer.addresses)}});
  }
  return list;
}

}  // namespace

std::string max_age_text(const Traces& traces) {
  return traces.max_age ? format_duration(*traces.max_age) : "off";
}

std::string max_bytes_text(const Traces& traces) {
  if (traces.max_percent) return std::to_string(*traces.max_percent) + "%";
  return traces.max_bytes ? format_size(*traces.max_bytes) : "off";
}

namespace {

json::object render_traces(const Traces& traces) {
  return {{"Enabled", traces.enabled},
          {"Directory", traces.directory},
          {"RotateInterval", traces.rotate_interval.count()},
          {"RotateBytes", traces.rotate_bytes},
          {"MaxAge", max_age_text(traces)},
          {"MaxBytes", max_bytes_text(traces)}};
}

json::object render_privacy(const Privacy& privacy) {
  return {{"Addresses", to_string(privacy.addresses)},
          {"Peers", privacy.keyed_peers ? "keyed" : "full"},
          {"KeyFile", privacy.key_file}};
}

json::object render_amqp(const Amqp& amqp) {
  json::array servers;
  for (const auto& server : amqp.servers) servers.emplace_back(hide_password(server));
  const bool extended = amqp.fields == exporter::amqp::Fields::extended;
  return {{"Servers", std::move(servers)},
          {"Fields", extended ? "extended" : "reference"},
          {"Persistent", amqp.persistent},
          {"Sent", amqp.sent},
          {"Heartbeat", amqp.heartbeat.count()},
          {"Window", amqp.window},
          {"HoldLive", format_duration(amqp.hold_live)},
          {"HoldAfterOutage", format_duration(amqp.hold_outage)},
          {"HoldMaxBytes", format_size(amqp.hold_bytes)},
          {"TLS", json::object{{"CAFile", amqp.ca_file},
                               {"CertificateFile", amqp.certificate_file},
                               {"KeyFile", amqp.key_file},
                               {"VerifyHost", amqp.verify_host}}}};
}

json::object render_spool(const Spool& spool) {
  return {{"Enabled", spool.enabled},
          {"Directory", spool.directory},
          {"MaxBytes", format_size(spool.max_bytes)},
          {"ReplayRate", spool.replay_rate}};
}

/// `object` with the keys of `more` behind its own.
json::object joined(json::object object, const json::object& more) {
  for (const auto& [key, value] : more) object[key] = value;
  return object;
}

json::array render_sinks(const Monitor& monitor) {
  json::array sinks;
  for (const auto& sink : monitor.more_amqp_sinks) {
    auto object = joined({{"Kind", "amqp"}, {"Name", sink.name}}, render_amqp(sink.amqp));
    object["Spool"] = render_spool(sink.spool);
    sinks.push_back(std::move(object));
  }
  for (const auto& sink : monitor.more_trace_sinks) {
    sinks.push_back(joined({{"Kind", "traces"}, {"Name", sink.name}}, render_traces(sink.traces)));
  }
  return sinks;
}

json::object render_peerstore(const Peerstore& peerstore) {
  return {{"Enabled", peerstore.enabled},
          {"File", peerstore.file},
          {"MaxPeers", peerstore.max_peers},
          {"MaxBytes", format_size(peerstore.max_bytes)},
          {"MaxAge", format_duration(peerstore.max_age)}};
}

json::object render_block_store(const BlockStore& store) {
  return {{"Directory", store.directory},
          {"MaxBlocks", store.max_blocks},
          {"MaxBytes", format_size(store.max_bytes)},
          {"BytesPerSecond", format_size(store.bytes_per_second)}};
}

json::object render_probe(const Probe& probe) {
  return {{"MaxRequests", probe.max_requests},
          {"MaxCids", probe.max_cids},
          {"MaxWaitBeforeCancel", format_duration(probe.max_wait_before_cancel)},
          {"PeersPerSecond", probe.peers_per_second},
          {"PeersAtOnce", probe.peers_at_once}};
}

json::object render_monitor(const Monitor& monitor) {
  json::object object{{"PopulatePrometheusInterval", monitor.populate_prometheus_interval.count()},
                      {"AgentVersionCutOff", monitor.agent_version_cut_off},
                      {"EnableBitswapDiscoveryProbe", monitor.enable_bitswap_discovery_probe},
                      {"AMQPServerAddress", hide_password(monitor.amqp_server_address)},
                      {"MonitorName", monitor.monitor_name}};
  json::array addresses;
  for (const auto& address : monitor.http_listen_addresses) {
    addresses.emplace_back(address.to_string());
  }
  object["HTTPServerConfig"] = json::object{{"ListenAddresses", std::move(addresses)}};
  object["API"] = json::object{{"Token", monitor.api.token.empty() ? "" : kHidden},
                               {"TokenFile", monitor.api.token_file}};
  object["AMQP"] = render_amqp(monitor.amqp);
  object["Spool"] = render_spool(monitor.spool);
  object["Traces"] = render_traces(monitor.traces);
  object["Sinks"] = render_sinks(monitor);
  object["Peerstore"] = render_peerstore(monitor.peerstore);
  object["BlockStore"] = render_block_store(monitor.block_store);
  object["Probe"] = render_probe(monitor.probe);
  object["Privacy"] = render_privacy(monitor.privacy);
  object["Exclude"] = json::object{{"Peers", render_list(monitor.privacy.excluded_peers)},
                                   {"Subnets", render_list(monitor.privacy.excluded_subnets)}};
  object["Contact"] = monitor.contact;
  return object;
}

json::object render_node(const Node& node) {
  json::object object;
  if (node.network != Network::automatic) {
    object["Network"] = node.network == Network::public_network ? "public" : "private";
  }
  object["Shards"] = node.shards;
  object["RestBetweenReads"] = node.rest_between_reads.count();
  json::object limits;
  for (const auto& key : limit_keys()) limits[key.name] = key.get(node.limits);
  object["Limits"] = std::move(limits);
  object["Security"] =
      json::object{{"Prefer", node.security == Security::noise ? "noise" : "offered"}};
  object["Bitswap"] = json::object{{"AnswerDontHave", node.answer_dont_have}};
  return object;
}

}  // namespace

std::string render_config(const Config& config) {
  json::object object;
  if (config.identity) object["Identity"] = render_identity(*config.identity, Secrets::hidden);
  object["Addresses"] = render_addresses(config.addresses);
  object["Swarm"] = json::object{{"AddrFilters", render_list(config.address_filters)}};
  object["Bootstrap"] = render_bootstrap(config.bootstrap);
  object["Peering"] = json::object{{"Peers", render_peering(config.peering)}};
  object["Plugins"] = json::object{
      {"Plugins", json::object{{"metric-export-plugin",
                                json::object{{"Config", render_monitor(config.monitor)}}}}}};
  object["Mexport"] = render_node(config.node);
  return format_json(object);
}

std::string render_initial_config(const Identity& identity) {
  const Config config = default_config();
  return format_json({{"Identity", render_identity(identity, Secrets::shown)},
                      {"Addresses", json::object{{"Swarm", render_list(config.addresses.swarm)}}},
                      {"Bootstrap", render_bootstrap(config.bootstrap)}});
}

std::string with_identity(std::string_view document, const Identity& identity) {
  Report report;
  auto object = parse_json_document(document, report).value_or(json::object());
  object["Identity"] = render_identity(identity, Secrets::shown);
  return format_json(object);
}

std::string hide_password(std::string_view address) {
  if (const auto several = exporter::amqp::parse_addresses(address);
      several && several->size() > 1) {
    std::string shown;
    for (const auto& one : *several) {
      if (!shown.empty()) shown += ',';
      shown += one.to_string();
    }
    return shown;
  }
  const std::size_t scheme = address.find("://");
  const std::size_t user = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at < user) return std::string(address);
  const std::size_t colon = address.find(':', user);
  if (colon >= at) return std::string(address);
  return std::string(address.substr(0, colon + 1)).append(kHidden).append(address.substr(at));
}

std::string config_hash(const Config& config) {
  return base::to_hex(crypto::sha256(base::as_bytes(render_config(config))));
}

}  // namespace mexport::config
