// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "multiformats/ip.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
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

/// How many connections come from each network: one IPv4 address, or an IPv6 /56.
class IpCounts {
 public:
  std::size_t count(const multiformats::IpAddress& ip) const;
  void add(const multiformats::IpAddress& ip);
  void remove(const multiformats::IpAddress& ip);

 private:
  static multiformats::IpAddress network_of(const multiformats::IpAddress& ip);

  struct Hash {
    std::size_t operator()(const multiformats::IpAddress& ip) const;
  };
  std::unordered_map<multiformats::IpAddress, std::uint32_t, Hash> counts_;
};

}  // namespace mexport::libp2p
