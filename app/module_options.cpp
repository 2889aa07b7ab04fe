// SPDX-License-Identifier: MIT
#include "app/module_options.hpp"

#include "app/version.hpp"
#include "config/bootstrap.hpp"
#include "config/render_config.hpp"
#include "export/trace_files.hpp"

#include <chrono>
#include <utility>

namespace mexport::app {

namespace {

/// With the time that a batch may wait before, an event is on disk within a second.
constexpr std::chrono::milliseconds kFlushInterval{500};

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

node::NodeLimits limits_of(const config::Limits& limits) {
  return {.admission = {.connections = limits.max_connections,
                        .per_address = limits.max_connections_per_ip,
                        .per_subnet = limits.max_connections_per_subnet,
                        .subnet_bits_ip4 = limits.subnet_prefix_ip4,
                        .subnet_bits_ip6 = limits.subnet_prefix_ip6},
          .max_handshakes = limits.max_handshakes,
          .max_streams_per_connection = limits.max_streams_per_connection,
          .max_streams = limits.max_streams,
          .bytes = {.per_connection = limits.max_buffered_bytes_per_connection,
                    .total = limits.max_buffered_bytes}};
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
  return options;
}

exporter::Pipeline::Options pipeline_options(const config::Config& config) {
  exporter::Pipeline::Options options;
  options.version = version();
  options.configuration_hash = config::config_hash(config);
  options.monitor_name = config.monitor.monitor_name;
  options.contact = config.monitor.contact;
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

exporter::TraceSink::Options trace_options(const config::Config& config) {
  const auto& traces = config.monitor.traces;
  exporter::TraceSink::Options options;
  options.directory = exporter::join_path(traces.directory, config.monitor.monitor_name);
  options.rotate_interval = traces.rotate_interval;
  options.rotate_bytes = traces.rotate_bytes;
  options.flush_interval = kFlushInterval;
  options.retention = {
      .max_age = traces.max_age, .max_bytes = traces.max_bytes, .max_percent = traces.max_percent};
  return options;
}

}  // namespace mexport::app
