// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "libp2p/transport.hpp"
#include "multiformats/multiaddr.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace mexport::libp2p::tcp {

class SystemShard;
class PortSharing;

/// Written on the listener's shard, read from anywhere.
struct ListenerCounters {
  base::Counter accepted;
  base::Counter out_of_descriptors;  ///< times that the process had no descriptor for a connection
  base::Counter accept_failed;       ///< for other reasons, the peer's haste as a rule
};

/// One way to a swarm: its shard, and what to call there for each connection.
struct AcceptTarget {
  SystemShard* shard = nullptr;
  std::function<void(RawConnectionPtr)> accept;  ///< as `[&](auto raw) { swarm.accept(…); }`
};

struct ListenOptions {
  SystemShard& home;                  ///< where the accepting socket lives
  std::vector<AcceptTarget> targets;  ///< get the accepted sockets in turn
  PortSharing* ports = nullptr;       ///< told of the listener while it is open
  ListenerCounters* counters = nullptr;
  int backlog = 4096;
  base::Logger log{};
};

/// Binds and listens at once, so that a port in use is an error here (errors of the system, for
/// instance std::errc::address_in_use). `address` is of the form /ip4|ip6/…/tcp/…. IPv6 sockets are
/// IPv6 only. To be called and destroyed on the home shard, or while that is stopped; what
/// `options` point to outlives the listener.
base::Result<std::unique_ptr<Listener>> listen(const multiformats::Multiaddr& address,
                                               ListenOptions options);

}  // namespace mexport::libp2p::tcp
