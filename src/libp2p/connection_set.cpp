// SPDX-License-Identifier: MIT
#include "libp2p/connection_set.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mexport::libp2p {

Connection& ConnectionSet::add(std::unique_ptr<Connection> connection) {
  Connection& added = *connection;
  added.index_ = list_.size();
  list_.push_back(std::move(connection));
  by_peer_.insert(&added);
  return added;
}

std::unique_ptr<Connection> ConnectionSet::take(Connection& connection) {
  auto [at, end] = by_peer_.equal_range(&connection);
  at = std::find(at, end, &connection);
  by_peer_.erase(at);

  auto& slot = list_[connection.index_];
  auto taken = std::move(slot);
  if (&slot != &list_.back()) {
    slot = std::move(list_.back());
    slot->index_ = connection.index_;
  }
  list_.pop_back();
  return taken;
}

Connection* ConnectionSet::find(const multiformats::PeerId& peer) const {
  const auto [begin, end] = by_peer_.equal_range(peer);
  const auto found = std::find_if(begin, end, [](const Connection* c) { return !c->closing(); });
  return found == end ? nullptr : *found;
}

std::size_t ConnectionSet::ByPeer::operator()(const multiformats::PeerId& peer) const {
  return std::hash<multiformats::PeerId>{}(peer);
}
std::size_t ConnectionSet::ByPeer::operator()(const Connection* connection) const {
  return (*this)(connection->peer());
}
bool ConnectionSet::ByPeer::operator()(const Connection* a, const Connection* b) const {
  return a->peer() == b->peer();
}
bool ConnectionSet::ByPeer::operator()(const multiformats::PeerId& a, const Connection* b) const {
  return a == b->peer();
}
bool ConnectionSet::ByPeer::operator()(const Connection* a, const multiformats::PeerId& b) const {
  return a->peer() == b;
}

multiformats::IpAddress IpCounts::network_of(const multiformats::IpAddress& ip) {
  auto network = ip.unmapped();
  if (network.v6) std::fill(network.bytes.begin() + 7, network.bytes.end(), std::uint8_t{0});
  return network;
}

std::size_t IpCounts::count(const multiformats::IpAddress& ip) const {
  const auto found = counts_.find(network_of(ip));
  return found == counts_.end() ? 0 : found->second;
}

void IpCounts::add(const multiformats::IpAddress& ip) {
  ++counts_[network_of(ip)];
}

void IpCounts::remove(const multiformats::IpAddress& ip) {
  const auto found = counts_.find(network_of(ip));
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

std::size_t IpCounts::Hash::operator()(const multiformats::IpAddress& ip) const {
  return std::hash<std::string_view>{}(base::as_text(ip.bytes)) ^ (ip.v6 ? 1U : 0U);
}

}  // namespace mexport::libp2p
