// SPDX-License-Identifier: MIT
#include "config/overrides.hpp"

#include "config/monitor_name.hpp"
#include "config/parse_api.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

using multiformats::Multiaddr;
using multiformats::Protocol;

void override_listen(const Overrides& overrides, Config& config, Report& report) {
  if (overrides.listen.empty()) return;
  config.addresses.swarm.clear();
  for (const auto& text : overrides.listen) {
    auto address = Multiaddr::from_string(text);
    if (address && address->tcp_address()) {
      config.addresses.swarm.push_back(std::move(*address));
    } else {
      report.error("--listen", quote(text), "a multiaddr like /ip4/0.0.0.0/tcp/4001");
    }
  }
}

void override_api(const Overrides& overrides, Config& config, Report& report) {
  auto& addresses = config.monitor.http_listen_addresses;
  if (overrides.no_api || !overrides.api.empty()) addresses.clear();
  for (const auto& text : overrides.api) {
    if (auto address = api::parse_listen_address(text)) {
      addresses.push_back(std::move(*address));
    } else {
      report.error("--api", quote(text), std::string(kApiAddressRule));
    }
  }
}

void add_peers(const Overrides& overrides, Config& config, Report& report) {
  for (const auto& text : overrides.peers) {
    const auto address = Multiaddr::from_string(text);
    const auto id = address ? address->peer_id() : std::nullopt;
    if (id) {
      config.peering.push_back({*id, {address->without_p2p()}});
    } else {
      report.error("--peer", quote(text),
                   "a multiaddr like /ip4/203.0.113.7/tcp/4001/p2p/<peer id>");
    }
  }
}

/// The name of a transport that Addresses.Swarm may ask for in vain.
std::string transport_of(const Multiaddr& address) {
  for (const auto protocol :
       {Protocol::webtransport, Protocol::webrtc_direct, Protocol::webrtc, Protocol::quic_v1,
        Protocol::quic, Protocol::wss, Protocol::ws, Protocol::p2p_circuit}) {
    if (address.has(protocol)) return std::string(to_string(protocol));
  }
  return address.transport_prefix();
}

void report_transports(const Config& config, Report& report) {
  const auto& swarm = config.addresses.swarm;
  for (std::size_t i = 0; i < swarm.size(); ++i) {
    if (swarm[i].tcp_address()) continue;
    report.warn("Addresses.Swarm[" + std::to_string(i) + "]",
                "this version does not have the transport " + transport_of(swarm[i]) +
                    "; not listening on " + swarm[i].to_string());
  }
  if (!swarm.empty() && listen_addresses(config).empty()) {
    report.warn("Addresses.Swarm", "none of these can be listened on");
  }
}

void name_monitor(Monitor& monitor, std::string_view host_name, Report& report) {
  if (!monitor.monitor_name.empty()) return;
  const std::string path = "Plugins.Plugins.metric-export-plugin.Config.MonitorName";
  const std::string_view name = host_name.substr(0, host_name.find('.'));
  if (!is_valid_monitor_name(name)) {
    report.error(path, "nothing, and the host name " + quote(host_name),
                 std::string(kMonitorNameRule));
    return;
  }
  monitor.monitor_name = name;
  report.inform(path, "not given, the host's name is used: " + monitor.monitor_name);
}

}  // namespace

void apply_overrides(const Overrides& overrides, Config& config, Report& report) {
  override_listen(overrides, config, report);
  override_api(overrides, config, report);
  add_peers(overrides, config, report);
  if (overrides.trace_directory) {
    std::error_code ignored;  // fails only without a working directory; then it stays relative
    const auto absolute = std::filesystem::absolute(*overrides.trace_directory, ignored);
    config.monitor.traces.directory = ignored ? *overrides.trace_directory : absolute.string();
    config.monitor.traces.enabled = true;
  }
  if (overrides.monitor_name) {
    config.monitor.monitor_name = *overrides.monitor_name;
    if (!is_valid_monitor_name(*overrides.monitor_name)) {
      report.error("--monitor-name", quote(*overrides.monitor_name), std::string(kMonitorNameRule));
    }
  }
  if (overrides.no_limits) {
    config.node.limits.max_connections_per_ip = 0;
    config.node.limits.max_connections_per_subnet = 0;
    config.node.lift_rates = true;
  }
}

namespace {

std::string within(const std::filesystem::path& data_dir, const std::string& path,
                   std::string_view otherwise) {
  return (data_dir / (path.empty() ? std::string(otherwise) : path)).string();
}

/// Two that write to one directory would take each other's files for their own.
void check_directories(const Monitor& monitor, Report& report) {
  std::set<std::string> directories;
  for (const auto& sink : trace_sinks(monitor)) {
    const auto directory = std::filesystem::path(sink.traces.directory).lexically_normal();
    if (directories.insert(directory.string()).second) continue;
    report.error("Sinks." + sink.name + ".Directory", quote(sink.traces.directory),
                 "a directory of its own");
  }
}

void place_files(Monitor& monitor, const std::filesystem::path& data_dir) {
  monitor.traces.directory = within(data_dir, monitor.traces.directory, "traces");
  monitor.spool.directory = within(data_dir, monitor.spool.directory, "spool");
  for (auto& sink : monitor.more_trace_sinks) {
    sink.traces.directory = within(data_dir, sink.traces.directory, sink.name);
  }
  for (auto& sink : monitor.more_amqp_sinks) {
    sink.spool.directory = within(data_dir, sink.spool.directory, "spool");
  }
  monitor.peerstore.file = within(data_dir, monitor.peerstore.file, "peerstore.sqlite");
  monitor.block_store.directory = within(data_dir, monitor.block_store.directory, "blockstore");
  monitor.privacy.key_file = within(data_dir, monitor.privacy.key_file, "privacy.key");
  monitor.api.token_file = within(data_dir, monitor.api.token_file, "api.token");
}

}  // namespace

void complete(Config& config, std::string_view host_name, const std::filesystem::path& data_dir,
              Report& report) {
  name_monitor(config.monitor, host_name, report);
  place_files(config.monitor, data_dir);
  check_directories(config.monitor, report);
  report_transports(config, report);
}

}  // namespace mexport::config
