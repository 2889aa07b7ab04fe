// SPDX-License-Identifier: MIT
#include "app/api_servers.hpp"

namespace mexport::app {

std::expected<std::vector<api::ListenAddress>, std::string> api_servers(
    const config::Config& config) {
  auto servers = config.monitor.http_listen_addresses;
  std::erase_if(servers, [](const auto& server) { return server.port == 0; });
  if (!servers.empty()) return servers;
  return std::unexpected(
      "the configuration has no address with a port: say with --api where the node's API is");
}

}  // namespace mexport::app
