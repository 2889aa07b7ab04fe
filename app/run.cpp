// SPDX-License-Identifier: MIT
#include "app/run.hpp"

#include "app/descriptors.hpp"
#include "app/identity.hpp"
#include "app/module_options.hpp"
#include "app/notices.hpp"
#include "config/render_config.hpp"
#include "export/peerstore/peerstore_sink.hpp"
#include "export/trace_files.hpp"
#include "export/trace_sink.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <utility>

namespace mexport::app {

namespace {

using multiformats::IpAddress;
using multiformats::Multiaddr;

constexpr IpAddress kLoopback6{.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                               .v6 = true};

/// Of all parts that log.
constexpr std::array kLogComponents{"mexport", "config",    "node", "export", "trace", "amqp",
                                    "api",     "peerstore", "demo", "status", "log"};

exporter::NamedStatistics statistics_of(const std::vector<std::unique_ptr<exporter::Sink>>& sinks) {
  exporter::NamedStatistics named;
  for (const auto& sink : sinks) named.emplace_back(sink->name(), sink->statistics());
  return named;
}

std::unexpected<std::string> failed(std::string what, std::error_code error) {
  return std::unexpected(fmt::format("{}: {}", what, error.message()));
}

/// Where a peer of the same machine reaches a listener.
Multiaddr from_here(const Multiaddr& bound) {
  auto tcp = bound.tcp_address();
  if (!tcp || !tcp->ip.is_unspecified()) return bound;
  tcp->ip = tcp->ip.v6 ? kLoopback6 : IpAddress::ip4(127, 0, 0, 1);
  return Multiaddr::from_tcp(*tcp);
}

/// Of all traces, for people.
std::string directories_of(const config::Config& config) {
  std::string text;
  for (const auto& sink : config::trace_sinks(config.monitor)) {
    if (!text.empty()) text += " or ";
    text += trace_options(config, sink).directory;
  }
  return text;
}

std::string what_is_recorded(const monitor::PrivacyInfo& privacy) {
  auto text = fmt::format("addresses ({}), peer ids ({}), CIDs", to_string(privacy.addresses),
                          privacy.keyed_peers ? "keyed, key " + privacy.key_id : "full");
  if (privacy.excluded_peers + privacy.excluded_subnets > 0) {
    text += fmt::format("; {} peers and {} subnets are excluded", privacy.excluded_peers,
                        privacy.excluded_subnets);
  }
  return text;
}

}  // namespace

std::expected<std::unique_ptr<Run>, std::string> Run::start(const Options& options,
                                                            base::Logger log) {
  std::unique_ptr<Run> run(new Run(std::move(log)));
  if (auto assembled = run->assemble(options); !assembled) {
    return std::unexpected(std::move(assembled.error()));
  }
  return run;
}

Run::~Run() {
  stop();
}

std::expected<void, std::string> Run::assemble(const Options& options) {
  const auto& config = options.config;
  if (auto bound = bind_api(config); !bound) return bound;
  privacy_ = std::make_shared<const monitor::Privacy>(privacy_options(config, options.peer_key));
  auto pipeline = pipeline_options(config);
  pipeline.privacy = privacy_;
  pipeline_ = std::make_unique<exporter::Pipeline>(std::move(pipeline), clock_, random_,
                                                   log_.with_component("export"));
  if (auto added = add_trace_sinks(config); !added) return added;
  if (auto added = add_amqp_sinks(config); !added) return added;
  add_peerstore_sink(config);
  if (server_) pipeline_->add_sink(std::make_unique<api::FeedSink>(feed_));

  if (auto started = start_shards(config); !started) return started;
  if (auto started = start_node(config); !started) return started;
  blocks_ = std::make_unique<HeldBlocks>(
      block_files(config), [this](auto blocks) { node_->serve(std::move(blocks)); },
      log_.with_component("node"));
  blocks_->look();
  host_ = std::make_unique<WatchedHost>(*node_);
  if (const auto status = pipeline_->start(*host_); !status) {
    return failed("cannot begin a trace in " + directories_of(config), status.error());
  }
  if (config.monitor.enable_bitswap_discovery_probe) {
    probe_ = std::make_unique<monitor::Probe>(*host_, clock_, probe_limits(config));
    log_.info("the discovery probe is on: requests to the API ask all connected peers");
  }
  metrics_ = std::make_unique<Metrics>(metrics_options(config), *host_, *pipeline_, peerstore_,
                                       server_ ? &server_->counters() : nullptr, clock_);
  log_.info("run {}: monitor {}, peer {}, {} shards", pipeline_->run_id(),
            config.monitor.monitor_name, node_->peer_id().to_string(), shards_->size());
  if (options.demo_peers) {
    if (auto started = start_demo(*options.demo_peers); !started) return started;
  }
  if (server_) start_api(options);
  return {};
}

std::expected<void, std::string> Run::add_trace_sinks(const config::Config& config) {
  const auto sinks = config::trace_sinks(config.monitor);
  if (sinks.empty()) log_.warn("traces are switched off: nothing is recorded");
  for (const auto& sink : sinks) {
    if (auto added = add_trace_sink(config, sink); !added) return added;
  }
  return {};
}

std::expected<void, std::string> Run::add_trace_sink(const config::Config& config,
                                                     const config::TraceSink& described) {
  const auto options = trace_options(config, described);
  const auto earlier = exporter::list_traces(disk_, options.directory);
  auto sink = exporter::TraceSink::create(options, clock_, disk_, log_.with_component("trace"));
  if (!sink) return failed("cannot write traces to " + options.directory, sink.error());
  const auto& traces = described.traces;
  const auto recorded =
      fmt::format("{}; MaxAge {}, MaxBytes {}", what_is_recorded(privacy_->info()),
                  config::max_age_text(traces), config::max_bytes_text(traces));
  if (!earlier || earlier->empty()) {
    log_.warn("this records personal data in {}: {}", options.directory, recorded);
  } else {
    log_.info("recording in {}: {}", options.directory, recorded);
  }
  pipeline_->add_sink(std::move(*sink));
  return {};
}

std::expected<void, std::string> Run::add_amqp_sinks(const config::Config& config) {
  for (const auto& sink : config::amqp_sinks(config.monitor)) {
    if (auto added = add_amqp_sink(config.monitor.monitor_name, sink); !added) return added;
  }
  return {};
}

std::expected<void, std::string> Run::add_amqp_sink(const std::string& monitor_name,
                                                    const config::AmqpSink& described) {
  auto options = amqp_options(monitor_name, described);
  for (const auto& broker : options.brokers) {
    log_.info("events go to {} for {}", broker.to_string(), options.monitor_name);
  }
  const auto spool = options.spool_path.value_or("");
  auto sink = exporter::amqp::AmqpSink::create(std::move(options), clock_, random_,
                                               log_.with_component("amqp"));
  if (!sink) return failed("cannot open the spool " + spool, sink.error());
  pipeline_->add_sink(std::move(*sink));
  return {};
}

void Run::add_peerstore_sink(const config::Config& config) {
  if (!config.monitor.peerstore.enabled) return;
  peerstore_ = std::make_shared<exporter::Peerstore>(peerstore_options(config, privacy_->info()),
                                                     log_.with_component("peerstore"));
  pipeline_->add_sink(std::make_unique<exporter::PeerstoreSink>(peerstore_));
}

std::expected<void, std::string> Run::start_shards(const config::Config& config) {
  const auto count = config.node.shards > 0 ? config.node.shards : node::default_shard_count();
  try {
    shards_ = std::make_unique<node::ShardPool>(count, config.node.rest_between_reads,
                                                config.node.limits.max_unsent_bytes);
    for (std::size_t i = 0; i < count; ++i) shards_->set_sink(i, pipeline_->add_source());
    shards_->start();
  } catch (const std::exception& error) {  // threads and event loops of libraries tell it so
    return std::unexpected(fmt::format("cannot start {} shards: {}", count, error.what()));
  }
  return {};
}

std::expected<void, std::string> Run::start_node(const config::Config& config) {
  auto identity = identity_of(*config.identity);
  if (!identity) return failed("cannot use the identity key", identity.error());
  config::Report report;
  auto options = node_options(config, report);
  log_notices(report.notices, log_);
  options.limits.admission.connections = settle_connection_limit(options.limits);
  auto node = node::Node::start({.shards = *shards_,
                                 .connection_ids = connection_ids_,
                                 .clock = clock_,
                                 .log = log_.with_component("node"),
                                 .privacy = privacy_},
                                std::move(*identity), std::move(options));
  if (!node) return failed(std::move(node.error().what), node.error().error);
  node_ = std::move(*node);
  return {};
}

std::size_t Run::settle_connection_limit(const node::NodeLimits& limits) {
  const auto descriptors = raise_descriptor_limit();
  const auto room = connection_room(descriptors.now, shards_->size(), limits.max_dials);
  const auto wanted = limits.admission.connections;
  const auto settled = connection_limit(wanted, room);
  log_.info(
      "open files: {} at start, {} now, {} kept for files, listeners and dials: at most {} "
      "connections",
      descriptors.before, descriptors.now, room.kept, settled);
  if (settled < wanted) {
    log_.warn("Mexport.Limits.MaxConnections: {} are asked for, open files leave room for {}",
              wanted, settled);
  }
  return settled;
}

std::expected<void, std::string> Run::bind_api(const config::Config& config) {
  const auto& addresses = config.monitor.http_listen_addresses;
  if (addresses.empty()) return {};
  auto server = api::Server::bind({.listen = addresses}, clock_, log_.with_component("api"));
  if (!server) return std::unexpected(std::move(server.error()));
  server_ = std::move(*server);
  return {};
}

void Run::start_api(const Options& options) {
  api::Sources sources{
      .clock = clock_,
      .run_info = [this] { return pipeline_->run_info(); },
      .host = [this] { return host_->glance(); },
      .peers = [this] { return host_->peers(); },
      .probe = probe_.get(),
      .peerstore = peerstore_,
      .pipeline = [this] { return pipeline_->statistics(); },
      .sinks = [this] { return statistics_of(pipeline_->sinks()); },
      .metrics = [this] { return metrics_->text(); },
      .set_log_level = options.set_log_level,
      .log_components = {kLogComponents.begin(), kLogComponents.end()},
      .api_urls = server_->urls(),
  };
  api_ = std::make_unique<api::Api>(options.api_token, std::move(sources), *feed_);
  server_->start(*api_);
}

std::vector<std::string> Run::api_urls() const {
  return server_ ? server_->urls() : std::vector<std::string>();
}

std::expected<void, std::string> Run::start_demo(std::size_t peers) {
  node::KnownPeer target{node_->peer_id(), {}};
  for (const auto& bound : node_->bound_addresses()) target.addresses.push_back(from_here(bound));
  auto demo = node::DemoPeers::start(
      {.shards = *shards_, .clock = clock_, .log = log_.with_component("demo")}, target, peers);
  if (!demo) return failed("cannot make the demo's peers", demo.error());
  demo_ = std::move(*demo);
  log_.with_component("demo").info("{} peers in this process connect over loopback", peers);
  return {};
}

std::vector<std::string> Run::listen_addresses() const {
  std::vector<std::string> texts;
  for (const auto& bound : node_->bound_addresses()) {
    texts.push_back(bound.with_p2p(node_->peer_id()).to_string());
  }
  return texts;
}

Totals Run::totals() {
  return totals_of(host_->glance(), *pipeline_);
}

std::map<std::string, std::uint64_t> Run::counters() {
  auto counters = host_->glance().counters;
  for (const auto& sink : pipeline_->sinks()) counters.merge(sink->statistics().counters);
  return counters;
}

void Run::reopen() {
  pipeline_->reopen();
}

void Run::stop() {
  if (server_) server_->stop(kApiPatience);
  if (node_) node_->stop(kStopPatience);
  demo_.reset();
  if (pipeline_) pipeline_->stop(kStopPatience);
}

}  // namespace mexport::app
