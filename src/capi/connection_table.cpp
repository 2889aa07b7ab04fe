// SPDX-License-Identifier: MIT
#include "capi/connection_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mexport::capi {

std::string_view transport_name(std::string_view transport) {
  static constexpr std::array<std::string_view, 9> kNames{
      "tcp",          "quic-v1", "quic",          "websocket",  "ws",
      "webtransport", "webrtc",  "webrtc-direct", "p2p-circuit"};
  const auto found = std::ranges::find(kNames, transport);
  return found == kNames.end() ? "other" : *found;
}

std::string_view security_name(std::string_view security, std::string_view transport) {
  if (security == "/noise") return "noise";
  if (security == "/tls/1.0.0") return "tls";
  if (transport == "quic-v1" || transport == "quic" || transport == "webtransport") return "tls";
  return "other";
}

Connection* ConnectionTable::open(const ConnectedRecord& record, base::SteadyTime opened_at) {
  const auto [slot, made] = connections_.try_emplace(record.connection);
  if (!made) return nullptr;
  auto& peer = peers_[record.peer];
  if (!peer) {
    peer = std::make_unique<Peer>();
    peer->id = record.peer;
  }
  slot->second = std::make_unique<Connection>();
  auto& connection = *slot->second;
  connection.id = ++last_id_;
  connection.key = record.connection;
  connection.peer = peer.get();
  connection.index = all_.size();
  connection.remote = record.remote;
  connection.local = record.local;
  connection.transport = transport_name(record.transport);
  connection.security = security_name(record.security, record.transport);
  connection.direction =
      record.outbound ? monitor::Direction::outbound : monitor::Direction::inbound;
  connection.relayed = record.relayed;
  connection.opened_at = opened_at;
  all_.push_back(&connection);
  peer->connections.push_back(&connection);
  list_addresses(*peer);
  return &connection;
}

void ConnectionTable::close(Connection& connection) {
  auto& peer = *connection.peer;
  std::erase(peer.connections, &connection);
  all_[connection.index] = all_.back();
  all_[connection.index]->index = connection.index;
  all_.pop_back();
  connections_.erase(std::string(connection.key));
  if (peer.connections.empty()) {
    peers_.erase(multiformats::PeerId(peer.id));
  } else {
    list_addresses(peer);
  }
}

void ConnectionTable::list_addresses(Peer& peer) {
  monitor::AddressList list;
  list.reserve(peer.connections.size());
  for (const auto* connection : peer.connections) list.push_back(connection->remote.to_string());
  peer.addresses = std::make_shared<const monitor::AddressList>(std::move(list));
}

Connection* ConnectionTable::find(const std::string& key) {
  const auto found = connections_.find(key);
  return found == connections_.end() ? nullptr : found->second.get();
}

Peer* ConnectionTable::find(const multiformats::PeerId& id) {
  const auto found = peers_.find(id);
  return found == peers_.end() ? nullptr : found->second.get();
}

}  // namespace mexport::capi
