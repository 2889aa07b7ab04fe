// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "capi/records.hpp"
#include "monitor/asked_peer.hpp"
#include "monitor/capture.hpp"
#include "monitor/observation.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mexport::capi {

struct Connection;

/// A connected peer, as the host has told of it.
struct Peer {
  multiformats::PeerId id;
  std::vector<Connection*> connections;  ///< in the order of their coming; at least one
  monitor::AddressListPtr addresses;     ///< remote, of all of them
  monitor::AgentVersionPtr agent_version;
  std::shared_ptr<const std::vector<std::string>> protocols;
  std::optional<std::chrono::nanoseconds> latency;
};

struct Connection {
  std::uint64_t id = 0;
  std::string key;  ///< the host's name for it
  Peer* peer = nullptr;
  std::size_t index = 0;  ///< in ConnectionTable::all()
  multiformats::Multiaddr remote;
  multiformats::Multiaddr local;
  std::string_view transport;  ///< static storage, as the next
  std::string_view security;
  monitor::Direction direction = monitor::Direction::inbound;
  bool relayed = false;
  base::SteadyTime opened_at;
  monitor::CapturedConnection captured;
  std::uint64_t messages = 0;
  std::unique_ptr<monitor::AskedPeer> asked;  ///< null until its peer is asked over it
};

/// What a host calls a transport ("quic-v1") and a security protocol ("/noise"), in our words;
/// "other" and what the transport brings for those that we have none for. Static storage.
std::string_view transport_name(std::string_view transport);
std::string_view security_name(std::string_view security, std::string_view transport);

/// The connections that a host has, and their peers. Not thread-safe.
class ConnectionTable {
 public:
  /// nullptr: one of that name is there already.
  Connection* open(const ConnectedRecord& record, base::SteadyTime opened_at);
  /// Invalidates the connection, and its peer with the last of them.
  void close(Connection& connection);

  Connection* find(const std::string& key);
  Peer* find(const multiformats::PeerId& id);
  const std::unordered_map<multiformats::PeerId, std::unique_ptr<Peer>>& peers() const {
    return peers_;
  }
  /// Who goes gives its place to the last.
  const std::vector<Connection*>& all() const { return all_; }

 private:
  static void list_addresses(Peer& peer);

  std::uint64_t last_id_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Connection>> connections_;
  std::unordered_map<multiformats::PeerId, std::unique_ptr<Peer>> peers_;
  std::vector<Connection*> all_;
};

}  // namespace mexport::capi
