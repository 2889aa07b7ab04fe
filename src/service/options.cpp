// SPDX-License-Identifier: MIT
#include "service/options.hpp"

#include "base/bytes.hpp"
#include "config/render_config.hpp"
#include "crypto/hash.hpp"
#include "export/trace_files.hpp"

#include "service/version.hpp"
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace mexport::service {

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

/// Differs when other things are recorded of people.
std::string privacy_settings(const config::Privacy& privacy, const monitor::PrivacyInfo& info) {
  std::string text = fmt::format("addresses {}, key '{}'", to_string(info.addresses), info.key_id);
  for (const auto& peer : privacy.excluded_peers) text += " " + peer.to_string();
  for (const auto& subnet : privacy.excluded_subnets) text += " " + subnet.to_string();
  return base::to_hex(crypto::sha256(base::as_bytes(text)));
}

}  // namespace

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

}  // namespace mexport::service
