// SPDX-License-Identifier: MIT
#include "libp2p/swarm.hpp"

#include "libp2p/dialer.hpp"
#include "libp2p/identify/identify.hpp"
#include "libp2p/muxed_connection.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/peer_keeper.hpp"
#include "libp2p/ping/ping.hpp"
#include "libp2p/upgrade_set.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace mexport::libp2p {
namespace {

/// To what a total is brought down, so that the search for the largest comes seldom.
std::size_t with_room(std::size_t limit) {
  return limit - limit / 8;
}

/// Ends those connections that weigh most, until `excess` is gone.
template <class WeightOf>
void close_largest(const ConnectionSet& connections, std::size_t excess, base::Counter& counter,
                   const WeightOf& weight_of) {
  std::vector<std::pair<std::size_t, Connection*>> heavy;
  for (const auto& connection : connections.all()) {
    const std::size_t weight = connection->closing() ? 0 : weight_of(*connection);
    if (weight > 0) heavy.emplace_back(weight, connection.get());
  }
  std::ranges::make_heap(heavy);
  for (auto end = heavy.end(); end != heavy.begin() && excess > 0; --end) {
    std::ranges::pop_heap(heavy.begin(), end);
    const auto& [weight, connection] = *std::prev(end);
    excess -= std::min(excess, weight);
    counter.add();
    connection->close(ConnectionCode::resource_limit_exceeded);
  }
}

}  // namespace

Swarm::Swarm(SwarmParts parts, SwarmOptions options)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      security_(parts_.security, parts_.shard.aead(), options_.security),
      bytes_(options_.bytes,
             [this] {
               bytes_exceeded_ = true;
               shard().flush_at_end(*this);
             }),
      upgrade_context_{.shard = parts_.shard,
                       .security = security_,
                       .local_peer = parts_.identity.peer_id(),
                       .options = options_.upgrade},
      upgrades_(std::make_unique<UpgradeSet>(upgrade_context_, options_.max_handshakes, counters_)),
      identify_(std::make_unique<identify::Service>(*this)),
      ping_(std::make_unique<ping::Service>(*this)),
      dialer_(std::make_unique<Dialer>(*this)),
      keeper_(std::make_unique<PeerKeeper>(*this)) {}

Swarm::~Swarm() {
  shard().forget(*this);
}

const multiformats::PeerId& Swarm::local_peer() const {
  return parts_.identity.peer_id();
}

void Swarm::accept(RawConnectionPtr raw) {
  if (stopping_) return raw->abort();
  counters_.accepted.add();
  const auto remote = raw->remote();
  auto place = admit(remote);
  // Nothing can be said before the handshake, which would cost more than the refusal is to save.
  if (!place) return raw->abort();
  upgrades_->start(std::move(raw), Direction::inbound, {},
                   [this, remote, place = std::move(*place)](auto outcome) mutable {
                     if (outcome) {
                       adopt(std::move(*outcome), std::move(place));
                     } else if (parts_.log.enabled(base::LogLevel::debug)) {
                       parts_.log.debug("handshake with {} failed: {}",
                                        parts_.events.log_name(nullptr, remote),
                                        to_string(outcome.error()));
                     }
                   });
}

std::optional<Admission::Place> Swarm::admit(const multiformats::Multiaddr& remote) {
  if (!options_.address_rules.accepts(remote)) {
    counters_.refused_filtered.add();
    return std::nullopt;
  }
  if (parts_.admission == nullptr) return Admission::Place();
  auto place = parts_.admission->admit(remote.ip());
  if (place) return std::move(*place);
  counters_.refused[static_cast<std::size_t>(place.error())].add();
  return std::nullopt;
}

Connection& Swarm::adopt(Upgraded upgraded, Admission::Place place) {
  MuxedConnection::Received received{std::move(upgraded.plaintext), std::move(upgraded.ciphertext)};
  ConnectionInfo info{
      .id = parts_.ids.next(),
      .node = options_.node,
      .direction = upgraded.direction,
      .peer = upgraded.secured.peer,
      .local = upgraded.raw->local(),
      .remote = upgraded.raw->remote(),
      .transport = upgraded.raw->transport(),
      .security = to_string(upgraded.security),
      .key_type = to_string(upgraded.secured.key.type()),
      .opened_at = shard().now(),
  };
  auto owned = std::make_unique<MuxedConnection>(*this, std::move(info), std::move(upgraded));
  MuxedConnection& connection = *owned;
  connection.place_ = std::move(place);
  connection.bytes_.join(bytes_);
  connections_.add(std::move(owned));
  connection.directory_ = parts_.directory.open(connection.peer(), connection.id(),
                                                connection.info().remote.to_string());
  counters_.connected.add();
  gauge(connection).add();

  parts_.events.on_connected(connection);
  if (!connection.closing()) identify_->on_connected(connection);
  connection.begin(std::move(received));
  return connection;
}

base::Counter& Swarm::gauge(const Connection& connection) {
  return connection.info().direction == Direction::inbound ? counters_.connections_inbound
                                                           : counters_.connections_outbound;
}

void Swarm::on_ended(Connection& connection) {
  ended_.push_back(&connection);
  shard().flush_at_end(*this);
}

void Swarm::on_stream_opened() {
  counters_.streams_inbound.add();
  const auto open = counters_.streams_inbound.value();
  if (options_.max_streams == 0 || open <= options_.max_streams) return;
  streams_exceeded_ = true;
  shard().flush_at_end(*this);
}

void Swarm::relieve_bytes() {
  std::size_t leaving = 0;
  for (const auto& connection : connections_.all()) {
    if (!connection->closing() && bytes_.is_too_much(connection->bytes().held())) {
      counters_.closed_for_bytes.add();
      connection->close(ConnectionCode::resource_limit_exceeded);
    }
    if (connection->closing()) leaving += connection->bytes().held();
  }
  const auto staying = bytes_.held() - leaving;
  const auto limit = bytes_.limits().total;
  if (limit == 0 || staying <= limit) return;
  close_largest(connections_, staying - with_room(limit), counters_.closed_for_bytes_total,
                [](Connection& connection) { return connection.bytes().held(); });
}

void Swarm::relieve_streams() {
  const auto open = counters_.streams_inbound.value();
  if (open <= options_.max_streams) return;
  close_largest(connections_, open - with_room(options_.max_streams), counters_.closed_for_streams,
                [](Connection& connection) { return connection.stream_count(); });
}

void Swarm::flush() {
  if (std::exchange(bytes_exceeded_, false)) relieve_bytes();
  if (std::exchange(streams_exceeded_, false)) relieve_streams();
  // What is told of the end of one connection may end another.
  while (!ended_.empty()) {
    for (Connection* connection : std::exchange(ended_, {})) remove(*connection);
  }
}

std::string SwarmEvents::log_name(const multiformats::PeerId* peer,
                                  const multiformats::Multiaddr& remote) const {
  if (peer == nullptr) return remote.to_string();
  return peer->to_string() + " at " + remote.to_string();
}

void Swarm::remove(Connection& connection) {
  auto info = connection.finish();
  info.peer_connections = connection.directory_.close();
  counters_.closed[static_cast<std::size_t>(info.reason)].add();
  if (info.code) {
    auto& codes =
        info.by == ClosedBy::remote ? counters_.close_codes_received : counters_.close_codes_sent;
    codes[static_cast<std::size_t>(close_code(*info.code))].add();
  }
  gauge(connection).sub();

  if (parts_.log.enabled(base::LogLevel::debug)) {
    parts_.log.debug("connection {} to {} ended: {}", connection.id(),
                     parts_.events.log_name(&connection.peer(), connection.info().remote),
                     info.reason_text());
  }

  const auto owned = connections_.take(connection);
  parts_.events.on_disconnected(connection, info);
  keeper_->on_disconnected(connection.peer());
}

void Swarm::dial(const multiformats::PeerId& peer,
                 std::span<const multiformats::Multiaddr> addresses, DialCallback callback) {
  dialer_->dial(peer, addresses, Backoff::respect, std::move(callback));
}

void Swarm::keep_connected(const multiformats::PeerId& peer,
                           std::span<const multiformats::Multiaddr> addresses) {
  if (!stopping_ && peer != local_peer()) keeper_->keep(peer, addresses);
}

void Swarm::set_announced_addresses(std::vector<multiformats::Multiaddr> addresses) {
  identify_->set_addresses(std::move(addresses));
}

Connection* Swarm::find_connection(const multiformats::PeerId& peer) {
  return connections_.find(peer);
}

void Swarm::ping(Connection& connection) {
  ping_->measure(connection);
}

void Swarm::stop(ConnectionCode code) {
  stopping_ = true;
  keeper_->stop();
  dialer_->stop();
  upgrades_->stop();
  for (const auto& connection : connections_.all()) connection->close(code);
}

bool Swarm::stopped() const {
  return stopping_ && connections_.size() == 0 && upgrades_->size() == 0;
}

}  // namespace mexport::libp2p
