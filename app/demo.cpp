// SPDX-License-Identifier: MIT
#include "app/demo.hpp"

#include <algorithm>
#include <iterator>

namespace mexport::app {

ConfigOptions demo_options(ConfigOptions options) {
  if (options.listen.empty()) options.listen.emplace_back("/ip4/127.0.0.1/tcp/0");
  if (!options.monitor_name) options.monitor_name = "demo";
  if (options.api.empty()) options.api.emplace_back("localhost:0");
  options.no_limits = true;
  return options;
}

void isolate(config::Config& config, std::size_t own_peers) {
  config.bootstrap = {.automatic = false, .peers = {}};
  auto& peering = config.peering;
  const auto kept = std::min(own_peers, peering.size());
  peering.erase(peering.begin(), std::prev(peering.end(), static_cast<std::ptrdiff_t>(kept)));
}

}  // namespace mexport::app
