// SPDX-License-Identifier: MIT
#include "app/run.hpp"

#include "app/descriptors.hpp"
#include "app/identity.hpp"
#include "app/node_options.hpp"

#include "service/notices.hpp"
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
  auto service =
      service::Service::open({.config = config,
                              .peer_key = options.peer_key,
                              .api_token = options.api_token,
                              .set_log_level = options.set_log_level,
                              .log_components = {kLogComponents.begin(), kLogComponents.end()}},
                             clock_, random_, log_);
  if (!service) return std::unexpected(std::move(service.error()));
  service_ = std::move(*service);
  if (auto started = start_shards(config); !started) return started;
  if (auto started = start_node(config); !started) return started;
  blocks_ = std::make_unique<HeldBlocks>(
      block_files(config), [this](auto blocks) { node_->serve(std::move(blocks)); },
      log_.with_component("node"));
  blocks_->look();
  if (auto started = service_->start(*node_); !started) return started;
  watch_threads();
  log_.info("run {}: monitor {}, peer {}, {} shards", service_->pipeline().run_id(),
            config.monitor.monitor_name, node_->peer_id().to_string(), shards_->size());
  if (options.demo_peers) return start_demo(*options.demo_peers);
  return {};
}

std::expected<void, std::string> Run::start_shards(const config::Config& config) {
  const auto count = config.node.shards > 0 ? config.node.shards : node::default_shard_count();
  try {
    shards_ = std::make_unique<node::ShardPool>(count, config.node.rest_between_reads,
                                                config.node.limits.max_unsent_bytes);
    for (std::size_t i = 0; i < count; ++i) shards_->set_sink(i, service_->add_source());
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
  service::log_notices(report.notices, log_);
  options.limits.admission.connections = settle_connection_limit(options.limits);
  auto node = node::Node::start({.shards = *shards_,
                                 .connection_ids = connection_ids_,
                                 .clock = clock_,
                                 .log = log_.with_component("node"),
                                 .privacy = service_->privacy()},
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

void Run::watch_threads() {
  liveness_ = std::make_unique<Liveness>(
      Liveness::Parts{
          .shards = shards_->size(),
          .post = [this](std::size_t i, auto task) { shards_->shard(i).post(std::move(task)); },
          .heartbeats =
              [this] {
                constexpr auto kKind = static_cast<std::size_t>(monitor::EventKind::heartbeat);
                return service_->pipeline().statistics().events[kKind];
              }},
      clock_.now());
}

std::vector<std::string> Run::api_urls() const {
  return service_->api_urls();
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
  return totals_of(service_->glance(), service_->pipeline());
}

std::map<std::string, std::uint64_t> Run::counters() {
  return service_->counters();
}

void Run::reopen() {
  service_->reopen();
}

void Run::stop() {
  if (service_) service_->stop_api(kApiPatience);
  if (node_) node_->stop(kStopPatience);
  demo_.reset();
  if (service_) service_->stop(kStopPatience);
}

}  // namespace mexport::app
