// SPDX-License-Identifier: MIT
#include "node/node.hpp"

#include "libp2p/tcp/interfaces.hpp"
#include "libp2p/tcp/tcp_transport.hpp"
#include "monitor/census.hpp"
#include "node/connection_walk.hpp"
#include "node/listed_peers.hpp"
#include "node/node_shard.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace mexport::node {

namespace {

std::size_t share(std::size_t total, std::size_t parts) {
  return (total + parts - 1) / parts;
}

libp2p::SwarmOptions swarm_options(const NodeOptions& options, const libp2p::AddressRules& rules,
                                   std::size_t shards) {
  libp2p::SwarmOptions swarm;
  swarm.node = options.index;
  swarm.agent_version = options.agent_version;
  swarm.address_rules = rules;
  swarm.security.prefer = options.security;
  swarm.max_handshakes = share(options.limits.max_handshakes, shards);
  swarm.max_streams = share(options.limits.max_streams, shards);
  const auto& bytes = options.limits.bytes;
  swarm.bytes = {.per_connection = bytes.per_connection,
                 .total = std::max(share(bytes.total, shards), bytes.per_connection)};
  swarm.max_dials = share(options.limits.max_dials, shards);
  swarm.upgrade = options.limits.handshake;
  swarm.stream_negotiation_timeout = options.limits.stream_negotiation_timeout;
  swarm.identify_timeout = options.limits.identify_timeout;
  swarm.identify_pushes = options.limits.identify_pushes;
  swarm.yamux = options.limits.yamux;
  swarm.yamux.max_inbound_streams = options.limits.max_streams_per_connection;
  return swarm;
}

ipfs::BitswapOptions bitswap_options(const NodeOptions& options) {
  ipfs::BitswapOptions bitswap = options.limits.bitswap;
  bitswap.answer = options.answer_dont_have;
  return bitswap;
}

monitor::AskerOptions asker_options(const ProbeOptions& probe, std::size_t shards) {
  monitor::AskerOptions asker;
  const auto per_second = std::max<std::uint64_t>(probe.peers_per_second, 1);
  asker.peers.interval = std::chrono::nanoseconds(std::chrono::seconds(1)) *
                         static_cast<std::int64_t>(shards) / static_cast<std::int64_t>(per_second);
  asker.at_once = share(probe.peers_at_once, shards);
  asker.unsent_bytes = share(asker.unsent_bytes, shards);
  return asker;
}

std::vector<const monitor::ObservationSink*> sinks_of(ShardPool& shards) {
  std::vector<const monitor::ObservationSink*> sinks;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (const auto* sink = shards.sink(i)) sinks.push_back(sink);
  }
  return sinks;
}

bool is_ipv6(const multiformats::Multiaddr& address) {
  const auto tcp = address.tcp_address();
  return tcp && tcp->ip.v6;
}

}  // namespace

Node::Node(NodeParts parts, libp2p::PeerIdentity identity, libp2p::NodeSecurity security,
           NodeOptions options)
    : parts_(std::move(parts)),
      identity_(std::move(identity)),
      security_(std::move(security)),
      options_(std::move(options)),
      rules_(
          libp2p::make_address_rules(options_.network, options_.listen, options_.address_filters)),
      admission_(options_.limits.admission),
      long_messages_(sinks_of(parts_.shards)),
      latencies_(parts_.shards.size()) {
  const auto shards = parts_.shards.size();
  shards_.resize(shards);
  for (std::size_t i = 0; i < shards; ++i) {
    auto& shard = parts_.shards.shard(i);
    shard.run([&] {
      shards_[i] = std::make_unique<NodeShard>(
          NodeShard::Parts{
              .shard = shard,
              .transport = std::make_unique<libp2p::tcp::TcpTransport>(
                  shard, &ports_,
                  libp2p::tcp::TcpTransport::Options{.connect_timeout =
                                                         options_.limits.dial_timeout}),
              .sink = parts_.shards.sink(i),
              .identity = identity_,
              .security = security_,
              .directory = directory_,
              .connection_ids = parts_.connection_ids,
              .clock = parts_.clock,
              .admission = admission_,
              .long_messages = long_messages_,
              .log = parts_.log,
              .privacy = parts_.privacy,
          },
          swarm_options(options_, rules_, shards), bitswap_options(options_),
          asker_options(options_.probe, shards));
    });
  }
}

std::expected<std::unique_ptr<Node>, StartError> Node::start(NodeParts parts,
                                                             libp2p::PeerIdentity identity,
                                                             NodeOptions options) {
  auto security = libp2p::NodeSecurity::create(identity, parts.clock);
  if (!security)
    return std::unexpected(StartError{"cannot sign with the identity key", security.error()});
  std::unique_ptr<Node> node(
      new Node(std::move(parts), std::move(identity), std::move(*security), std::move(options)));
  if (auto listening = node->listen(); !listening) return std::unexpected(listening.error());
  node->announce();
  node->keep_peers();
  return node;
}

Node::~Node() {
  stop();
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    parts_.shards.shard(i).run([&] { shards_[i].reset(); });
  }
}

std::expected<std::vector<multiformats::Multiaddr>, StartError> Node::usable_listen_addresses()
    const {
  std::vector<multiformats::Multiaddr> usable;
  for (const auto& address : options_.listen) {
    if (is_ipv6(address) && !libp2p::tcp::has_ipv6()) {
      parts_.log.warn("this machine has no IPv6: not listening on {}", address.to_string());
      continue;
    }
    usable.push_back(address);
  }
  if (usable.empty() && !options_.listen.empty()) {
    return std::unexpected(StartError{"none of the addresses to listen on can be used",
                                      std::make_error_code(std::errc::address_not_available)});
  }
  return usable;
}

std::expected<void, StartError> Node::listen() {
  const auto addresses = usable_listen_addresses();
  if (!addresses) return std::unexpected(addresses.error());

  std::vector<libp2p::tcp::AcceptTarget> targets;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    targets.push_back({.shard = &parts_.shards.shard(i),
                       .accept = [swarm = &shards_[i]->swarm()](libp2p::RawConnectionPtr raw) {
                         swarm->accept(std::move(raw));
                       }});
  }
  auto& home = parts_.shards.shard(0);
  for (const auto& address : *addresses) {
    base::Result<std::unique_ptr<libp2p::Listener>> listener;
    home.run([&] {
      listener = libp2p::tcp::listen(address, {.home = home,
                                               .targets = targets,
                                               .ports = &ports_,
                                               .counters = &listener_counters_,
                                               .log = parts_.log});
    });
    if (!listener) {
      return std::unexpected(
          StartError{"cannot listen on " + address.to_string(), listener.error()});
    }
    listeners_.push_back(std::move(*listener));
  }
  return {};
}

void Node::announce() {
  std::vector<multiformats::Multiaddr> reachable;
  for (const auto& listener : listeners_) {
    const auto addresses = libp2p::tcp::reachable_addresses(listener->local());
    if (addresses.empty()) {
      parts_.log.warn("no address of this machine is known for {}", listener->local().to_string());
    }
    reachable.insert(reachable.end(), addresses.begin(), addresses.end());
  }
  announced_ = libp2p::announced_addresses(options_.announce, rules_, reachable);
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    parts_.shards.shard(i).run([&] { shards_[i]->swarm().set_announced_addresses(announced_); });
  }
}

void Node::keep_peers() {
  for (const auto& peer : options_.keep) {
    // One shard per peer, so that two never dial the same one.
    const auto i = std::hash<multiformats::PeerId>{}(peer.id) % shards_.size();
    parts_.shards.shard(i).run(
        [&] { shards_[i]->swarm().keep_connected(peer.id, peer.addresses); });
  }
}

void Node::stop_listening() {
  parts_.shards.shard(0).run([&] { listeners_.clear(); });
}

bool Node::shards_stopped() {
  bool stopped = true;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    parts_.shards.shard(i).run([&] { stopped = stopped && shards_[i]->swarm().stopped(); });
  }
  return stopped;
}

void Node::stop(std::chrono::milliseconds patience) {
  stopping_ = true;
  stop_listening();
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    parts_.shards.shard(i).run([&] {
      shards_[i]->asker().stop();
      shards_[i]->swarm().stop(libp2p::ConnectionCode::shutdown);
    });
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!shards_stopped() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Node::serve(const std::shared_ptr<const ipfs::BlockSet>& blocks) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    parts_.shards.shard(i).post([shard = shards_[i].get(), blocks] { shard->serve(blocks); });
  }
}

std::vector<multiformats::Multiaddr> Node::bound_addresses() const {
  std::vector<multiformats::Multiaddr> bound;
  for (const auto& listener : listeners_) bound.push_back(listener->local());
  return bound;
}

monitor::HostStatistics Node::statistics() {
  monitor::HostStatistics sum;
  for (const auto& shard : shards_) {
    const auto& swarm = shard->swarm_counters();
    sum.connections_inbound += swarm.connections_inbound.value();
    sum.connections_outbound += swarm.connections_outbound.value();
    sum.handshakes_in_progress += swarm.handshakes.value();
    for (const auto& [name, value] : swarm.list()) sum.counters[name] += value;
    for (const auto& [name, value] : shard->asker_counters().list()) sum.counters[name] += value;
    add_streams(*shard, sum);
    shard->agent_wants().add_to(sum.wants_by_agent_family);
    const auto& bitswap = shard->bitswap_counters();
    sum.messages_total += bitswap.messages.value();
    sum.live_wants += bitswap.live_wants.value();
    sum.buffered_bytes += shard->swarm().bytes_held();
    sum.wantlist_entries_total += bitswap.entries.value();
    for (const auto& [name, value] : bitswap.list()) sum.counters[name] += value;
    if (const auto* capture = shard->capture_counters()) {
      for (const auto& [name, value] : capture->list()) sum.counters[name] += value;
    }
    if (const auto* intake = shard->intake_counters()) {
      for (const auto& [name, value] : intake->list()) sum.counters[name] += value;
    }
  }
  sum.counters["listener_out_of_descriptors"] = listener_counters_.out_of_descriptors.value();
  sum.counters["listener_accept_failed"] = listener_counters_.accept_failed.value();
  sum.connections_by_transport["tcp"] = sum.connections_inbound + sum.connections_outbound;
  add_latencies(sum);
  return sum;
}

void Node::add_streams(const NodeShard& shard, monitor::HostStatistics& sum) const {
  using libp2p::Direction;
  constexpr auto kIn = static_cast<std::size_t>(Direction::inbound);
  constexpr auto kOut = static_cast<std::size_t>(Direction::outbound);
  const auto& streams = shard.swarm_counters().streams;
  const auto& bytes = shard.swarm_counters().stream_bytes;
  const auto protocols = shard.protocols();
  // Tag 0 is that of streams without a protocol.
  for (std::size_t i = 0; i < std::min(protocols.size(), libp2p::kCountedProtocols - 1); ++i) {
    auto& of = sum.streams_by_protocol[protocols[i]];
    of.inbound += streams[kIn].at(i + 1).value();
    of.outbound += streams[kOut].at(i + 1).value();
    of.bytes_in += bytes[kIn].at(i + 1).value();
    of.bytes_out += bytes[kOut].at(i + 1).value();
  }
  sum.other_streams.bytes_in += bytes[kIn][0].value();
  sum.other_streams.bytes_out += bytes[kOut][0].value();
}

void Node::add_latencies(monitor::HostStatistics& sum) {
  const auto measured = parts_.shards.take_latencies();
  const auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const auto seconds = [](auto duration) {
      return std::chrono::duration<double>(duration).count();
    };
    sum.loop_latency_seconds = std::max(sum.loop_latency_seconds, seconds(measured[i]));
    sum.loop_latency_by_thread.push_back(seconds(latencies_[i].update(measured[i], now)));
  }
}

monitor::PeerCensus Node::census() {
  monitor::Census census;
  directory_.visit([&](const libp2p::PeerSnapshot& peer) {
    census.add({peer.agent_version, peer.protocols, peer.addresses, peer.connections});
  });
  return census.result();
}

bool Node::ask(const monitor::Ask& ask, const std::shared_ptr<monitor::AskListener>& listener) {
  if (!options_.probe.enabled || stopping_) return false;
  const auto plan = std::make_shared<monitor::AskPlan>(
      ask, listener, askable_connections(directory_, *parts_.privacy, ask.filter), shards_.size());
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    parts_.shards.shard(i).post([asker = &shards_[i]->asker(), plan] { asker->start(plan); });
  }
  return true;
}

std::unique_ptr<monitor::PeerCursor> Node::peers() {
  std::vector<ConnectionWalk> walks(shards_.size());
  std::vector<std::future<void>> slices;
  bool more = true;
  while (more) {
    more = false;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      if (walks[i].ended()) continue;
      more = true;
      slices.push_back(parts_.shards.shard(i).submit(
          [&walk = walks[i], &shard = *shards_[i]] { walk.look(shard.swarm().connections()); }));
    }
    for (const auto& slice : slices) slice.wait();
    slices.clear();
  }
  std::vector<ConnectionDetail> details;
  for (auto& walk : walks) walk.move_to(details);
  return std::make_unique<ListedPeers>(directory_, parts_.privacy, std::move(details));
}

std::vector<std::string> Node::peer_ids() const {
  return {identity_.peer_id().to_string()};
}

std::vector<std::string> Node::listen_addrs() const {
  std::vector<std::string> texts;
  for (const auto& address : announced_) texts.push_back(address.to_string());
  return texts;
}

}  // namespace mexport::node
