// SPDX-License-Identifier: MIT
#include "config/document.hpp"

#include <utility>

namespace mexport::config {
namespace {

constexpr std::uint16_t kSwarmPort = 4001;

}  // namespace

std::vector<AmqpSink> amqp_sinks(const Monitor& monitor) {
  std::vector<AmqpSink> sinks;
  AmqpSink first{.name = "amqp", .amqp = monitor.amqp, .spool = monitor.spool};
  auto& servers = first.amqp.servers;
  if (!monitor.amqp_server_address.empty()) {
    servers.insert(servers.begin(), monitor.amqp_server_address);
  }
  if (!servers.empty()) sinks.push_back(std::move(first));
  sinks.insert(sinks.end(), monitor.more_amqp_sinks.begin(), monitor.more_amqp_sinks.end());
  return sinks;
}

std::vector<TraceSink> trace_sinks(const Monitor& monitor) {
  std::vector<TraceSink> sinks;
  if (monitor.traces.enabled) sinks.push_back({.name = "trace", .traces = monitor.traces});
  for (const auto& sink : monitor.more_trace_sinks) {
    if (sink.traces.enabled) sinks.push_back(sink);
  }
  return sinks;
}

Config default_config() {
  Config config;
  config.addresses.swarm = {
      multiformats::Multiaddr::from_tcp({multiformats::IpAddress{}, kSwarmPort}),
      multiformats::Multiaddr::from_tcp({multiformats::IpAddress{.v6 = true}, kSwarmPort})};
  return config;
}

std::vector<multiformats::Multiaddr> listen_addresses(const Config& config) {
  std::vector<multiformats::Multiaddr> listen;
  for (const auto& address : config.addresses.swarm) {
    if (address.tcp_address()) listen.push_back(address.without_p2p());
  }
  return listen;
}

}  // namespace mexport::config
