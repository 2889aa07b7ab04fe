// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "libp2p/swarm.hpp"
#include "node/node_options.hpp"
#include "node/shard_pool.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace mexport::node {

/// A handful of peers in the same process that connect to a node over loopback and ask it for CIDs,
/// as peers in the network do: broadcast wants, targeted ones that ask for an answer, cancels. So a
/// newcomer sees the whole path at work without a network. Made and destroyed by the thread that
/// sets the process up, while the pool runs.
class DemoPeers {
 public:
  struct Parts {
    ShardPool& shards;
    const base::Clock& clock;
    base::Logger log;
  };

  /// Starts `count` peers spread over the shards. Fails only when no key can be made.
  static base::Result<std::unique_ptr<DemoPeers>> start(Parts parts, const KnownPeer& target,
                                                        std::size_t count);
  ~DemoPeers();

 private:
  class Peer;
  explicit DemoPeers(Parts parts);
  base::Status add_peer(libp2p::tcp::SystemShard& shard, const KnownPeer& target);

  Parts parts_;
  libp2p::ConnectionIds connection_ids_;      // their own, so that the node's have no holes
  std::vector<std::unique_ptr<Peer>> peers_;  // peer i lives on shard i modulo the shards
};

}  // namespace mexport::node
