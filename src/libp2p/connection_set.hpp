// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

namespace mexport::libp2p {

/// A swarm's connections: owned in a list, found by peer.
class ConnectionSet {
 public:
  Connection& add(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> take(Connection& connection);

  /// One that is not closing, or nullptr.
  Connection* find(const multiformats::PeerId& peer) const;
  std::span<const std::unique_ptr<Connection>> all() const { return list_; }
  std::size_t size() const { return list_.size(); }

 private:
  struct ByPeer {
    using is_transparent = void;
    std::size_t operator()(const multiformats::PeerId& peer) const;
    std::size_t operator()(const Connection* connection) const;
    bool operator()(const Connection* a, const Connection* b) const;
    bool operator()(const multiformats::PeerId& a, const Connection* b) const;
    bool operator()(const Connection* a, const multiformats::PeerId& b) const;
  };

  std::vector<std::unique_ptr<Connection>> list_;
  std::unordered_multiset<Connection*, ByPeer, ByPeer> by_peer_;
};

}  // namespace mexport::libp2p
