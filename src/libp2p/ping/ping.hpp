// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "libp2p/deadline_list.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace mexport::libp2p {
class Swarm;
}

namespace mexport::libp2p::ping {

inline constexpr std::string_view kProtocol = "/ipfs/ping/1.0.0";
inline constexpr std::size_t kPayloadSize = 32;
/// Of one peer's connection, open at a time (go-libp2p: two per peer).
inline constexpr std::size_t kMaxStreams = 2;

/// Ping of one swarm (specs: ping/ping.md), both roles. One shard.
class Service {
 public:
  /// Adds its protocol to the swarm's table.
  explicit Service(Swarm& swarm);

  /// Measures one round trip into Connection::latency().
  void measure(Connection& connection);

 private:
  class Responder;
  class Requester;

  Swarm& swarm_;
  DeadlineList responders_;  // idle ones are ended
  DeadlineList requesters_;
};

}  // namespace mexport::libp2p::ping
