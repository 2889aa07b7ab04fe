// SPDX-License-Identifier: MIT
#include "config/document.hpp"

namespace mexport::config {
namespace {

constexpr std::uint16_t kSwarmPort = 4001;

}  // namespace

bool publishes(const Monitor& monitor) {
  return !monitor.amqp_server_address.empty() || !monitor.amqp.servers.empty();
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
