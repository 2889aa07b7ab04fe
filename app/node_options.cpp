// SPDX-License-Identifier: MIT
#include "app/node_options.hpp"

#include "config/bootstrap.hpp"

#include "service/version.hpp"

#include <chrono>
#include <utility>

namespace mexport::app {

namespace {

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

}  // namespace

node::NodeOptions node_options(const config::Config& config, config::Report& report) {
  node::NodeOptions options;
  options.agent_version = service::agent_version(config.monitor.contact);
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

storage::BlockFiles block_files(const config::Config& config) {
  const auto& store = config.monitor.block_store;
  return storage::BlockFiles(store.directory,
                             {.max_blocks = store.max_blocks, .max_bytes = store.max_bytes});
}

}  // namespace mexport::app
