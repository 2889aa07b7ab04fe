// SPDX-License-Identifier: MIT
#include "app/module_options.hpp"

#include "app/version.hpp"
#include "base/bytes.hpp"
#include "config/bootstrap.hpp"
#include "config/render_config.hpp"
#include "crypto/hash.hpp"
#include "export/trace_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace mexport::app {

namespace {

/// With the time that a batch may wait before, an event is on disk within a second.
constexpr std::chrono::milliseconds kFlushInterval{500};

/// Checked when the configuration was read.
std::vector<exporter::amqp::Address> brokers_of(const config::Amqp& amqp) {
  std::vector<exporter::amqp::Address> brokers;
  for (const auto& text : amqp.servers) {
    if (auto more = exporter::amqp::parse_addresses(text)) {
      std::ranges::move(*more, std::back_inserter(brokers));
    }
  }
  return brokers;
}

libp2p::NetworkKind network_of(config::Network network) {
  switch (network) {
    case config::Network::automatic:
      return libp2p::NetworkKind::automatic;
    case config::Network::public_network:
      return libp2p::NetworkKind::public_network;
    case config::Network::private_network:
      return libp2p::NetworkKind::private_network;
  }
  return libp2p::NetworkKind::automatic;
}

constexpr std::chrono::seconds kSecond{1};
constexpr std::chrono::minutes kMinute{1};

/// `count` in each `period`.
base::Rate rate_of(std::chrono::nanoseconds period, std::uint32_t count, std::uint32_t at_once) {
  return {.interval = period / count, .burst = at_once};
}

libp2p::yamux::Options yamux_of(const config::Limits& limits) {
  libp2p::yamux::Options options;
  options.max_unacked_streams = limits.max_unaccepted_streams;
  options.keep_alive_after = limits.keep_alive_interval;
  options.ping_timeout = limits.keep_alive_timeout;
  options.frame_rate = rate_of(kSecond, limits.frames_per_second, limits.frames_at_once);
  return options;
}

ipfs::BitswapOptions bitswap_of(const config::Limits& limits) {
  ipfs::BitswapOptions options;
  options.answer_timeout = limits.answer_timeout;
  options.max_answer_streams = limits.max_answer_streams;
  options.max_pending_answers = limits.max_pending_answers;
  options.max_ledger_wants = limits.max_ledger_wants;
  options.empty_messages =
      rate_of(kSecond, limits.empty_messages_per_second, limits.empty_messages_at_once);
  options.max_streams = limits.max_streams_per_protocol;
  return options;
}

node::NodeLimits limits_of(const config::Limits& limits) {
  return {
      .admission = {.connections = limits.max_connections,
                    .per_address = limits.max_connections_per_ip,
                    .per_subnet = limits.max_connections_per_subnet,
                    .subnet_bits_ip4 = limits.subnet_prefix_ip4,
                    .subnet_bits_ip6 = limits.subnet_prefix_ip6},
      .max_handshakes = limits.max_handshakes,
      .max_streams_per_connection = limits.max_streams_per_connection,
      .max_streams = limits.max_streams,
      .bytes = {.per_connection = limits.max_buffered_bytes_per_connection,
                .total = limits.max_buffered_bytes},
      .handshake = {.first_bytes = limits.first_bytes_timeout, .total = limits.handshake_timeout},
      .dial_timeout = limits.dial_timeout,
      .max_dials = limits.max_dials,
      .stream_negotiation_timeout = limits.stream_negotiation_timeout,
      .identify_timeout = limits.identify_timeout,
      .identify_pushes =
          rate_of(kMinute, limits.identify_pushes_per_minute, limits.identify_pushes_at_once),
      .yamux = yamux_of(limits),
      .bitswap = bitswap_of(limits)};
}

/// Differs when other things are recorded of people.
std::string privacy_settings(const config::Privacy& privacy, const monitor::PrivacyInfo& info) {
  std::string text = fmt::format("addresses {}, key '{}'", to_string(info.addresses), info.key_id);
  for (const auto& peer : privacy.excluded_peers) text += " " + peer.to_string();
  for (const auto& subnet : privacy.excluded_subnets) text += " " + subnet.to_string();
  return base::to_hex(crypto::sha256(base::as_bytes(text)));
}

}  // namespace

node::NodeOptions node_options(const config::Config& config, config::Report& report) {
  node::NodeOptions options;
  options.agent_version = agent_version(config.monitor.contact);
  options.listen = config::listen_addresses(config);
  options.announce = {.announce = config.addresses.announce,
                      .append = config.addresses.append_announce,
                      .no_announce = config.addresses.no_announce,
                      .no_announce_ranges = config.addresses.no_announce_ranges};
  options.network = network_of(config.node.network);
  options.address_filters = config.address_filters;
  for (auto& peer : config::peers_to_keep(config, report)) {
    options.keep.push_back({peer.id, std::move(peer.addresses)});
  }
  options.limits = limits_of(config.node.limits);
  options.security = config.node.security == config::Security::noise
                         ? libp2p::SecurityPreference::noise
                         : libp2p::SecurityPreference::offered;
  options.answer_dont_have = config.node.answer_dont_have;
  options.limits.bitswap.serve_rate = config.monitor.block_store.bytes_per_second;
  options.probe = {.enabled = config.monitor.enable_bitswap_discovery_probe,
                   .peers_per_second = config.monitor.probe.peers_per_second,
                   .peers_at_once = config.monitor.probe.peers_at_once};
  return options;
}

exporter::Pipeline::Options pipeline_options(const config::Config& config) {
  exporter::Pipeline::Options options;
  options.version = version();
  options.configuration_hash = config::config_hash(config);
  options.monitor_name = config.monitor.monitor_name;
  options.contact = config.monitor.contact;
  options.queue = {.facts = config.node.limits.queued_facts,
                   .bytes = config.node.limits.queued_bytes};
  return options;
}

monitor::Privacy::Options privacy_options(const config::Config& config,
                                          const std::optional<monitor::PeerKey>& key) {
  const auto& privacy = config.monitor.privacy;
  return {.addresses = privacy.addresses,
          .peer_key = key,
          .excluded_peers = privacy.excluded_peers,
          .excluded_subnets = privacy.excluded_subnets};
}

exporter::TraceSink::Options trace_options(const config::Config& config,
                                           const config::TraceSink& sink) {
  const auto& traces = sink.traces;
  exporter::TraceSink::Options options;
  options.name = sink.name;
  options.directory = exporter::join_path(traces.directory, config.monitor.monitor_name);
  options.rotate_interval = traces.rotate_interval;
  options.rotate_bytes = traces.rotate_bytes;
  options.flush_interval = kFlushInterval;
  options.queue_bytes = config.node.limits.queued_trace_bytes;
  options.retention = {
      .max_age = traces.max_age, .max_bytes = traces.max_bytes, .max_percent = traces.max_percent};
  return options;
}

monitor::ReferenceMetrics::Options metrics_options(const config::Config& config) {
  return {.interval = config.monitor.populate_prometheus_interval,
          .probe = config.monitor.enable_bitswap_discovery_probe,
          .agent_versions = config.monitor.agent_version_cut_off};
}

monitor::ProbeLimits probe_limits(const config::Config& config) {
  const auto& probe = config.monitor.probe;
  monitor::ProbeLimits limits;
  limits.requests = probe.max_requests;
  limits.cids = probe.max_cids;
  limits.cancel_after = probe.max_wait_before_cancel;
  return limits;
}

storage::BlockFiles block_files(const config::Config& config) {
  const auto& store = config.monitor.block_store;
  return storage::BlockFiles(store.directory,
                             {.max_blocks = store.max_blocks, .max_bytes = store.max_bytes});
}

exporter::Peerstore::Options peerstore_options(const config::Config& config,
                                               const monitor::PrivacyInfo& privacy) {
  const auto& peerstore = config.monitor.peerstore;
  return {.path = peerstore.file,
          .limits = {.max_peers = peerstore.max_peers,
                     .max_bytes = peerstore.max_bytes,
                     .max_age = peerstore.max_age},
          .privacy = privacy_settings(config.monitor.privacy, privacy)};
}

exporter::amqp::AmqpOptions amqp_options(const std::string& monitor_name,
                                         const config::AmqpSink& sink) {
  const auto& amqp = sink.amqp;
  const auto& spool = sink.spool;
  exporter::amqp::AmqpOptions options;
  options.name = sink.name;
  options.brokers = brokers_of(amqp);
  options.monitor_name = monitor_name;
  options.fields = amqp.fields;
  if (amqp.sent) options.kinds.push_back(monitor::EventKind::bitswap_sent);
  options.link = {.connection_name = "mexport " + monitor_name,
                  .version = std::string(version()),
                  .heartbeat = amqp.heartbeat,
                  .persistent = amqp.persistent,
                  .tls = {.ca_file = amqp.ca_file,
                          .certificate_file = amqp.certificate_file,
                          .key_file = amqp.key_file,
                          .verify_host = amqp.verify_host}};
  options.delivery.window_bodies = amqp.window;
  options.delivery.hold_live = amqp.hold_live;
  options.delivery.hold_outage = amqp.hold_outage;
  options.delivery.hold_bytes = amqp.hold_bytes;
  options.delivery.replay_rate = spool.replay_rate;
  if (spool.enabled)
    options.spool_path = exporter::join_path(spool.directory, sink.name + ".sqlite");
  options.spool.max_bytes = spool.max_bytes;
  return options;
}

}  // namespace mexport::app
