// SPDX-License-Identifier: MIT
#include "libp2p/connection_set.hpp"

#include <algorithm>
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

}  // namespace mexport::libp2p
