// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "ipfs/blocks/block_set.hpp"
#include "libp2p/admission.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/peer_directory.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/tcp/port_sharing.hpp"
#include "libp2p/tcp/tcp_listener.hpp"
#include "monitor/host.hpp"
#include "monitor/privacy.hpp"
#include "multiformats/multiaddr.hpp"
#include "node/latency_window.hpp"
#include "node/long_messages.hpp"
#include "node/node_options.hpp"
#include "node/shard_pool.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <expected>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace mexport::node {

class NodeShard;

/// Why a node did not start.
struct StartError {
  std::string what;  ///< which address, say
  std::error_code error;
};

/// What a node is built on; all of it outlives the node. The pool runs.
struct NodeParts {
  ShardPool& shards;
  libp2p::ConnectionIds& connection_ids;
  const base::Clock& clock;
  base::Logger log;
  /// What may be recorded; by default everything, as it is.
  std::shared_ptr<const monitor::Privacy> privacy = std::make_shared<const monitor::Privacy>();
};

/// One identity in the network, on all shards of a pool: a swarm with Bitswap on each, listeners,
/// the peers it keeps connections to. What it sees goes into the sinks of the shards. An
/// object like any other: several may live in one process, start and stop any number of times.
/// Made, stopped and destroyed by the thread that sets the process up; statistics() from any.
class Node final : public monitor::Host {
 public:
  /// Binds every address of `options.listen`, or fails and leaves nothing behind. IPv6 addresses on
  /// a machine without IPv6 are left out with a warning in the log.
  static std::expected<std::unique_ptr<Node>, StartError> start(NodeParts parts,
                                                                libp2p::PeerIdentity identity,
                                                                NodeOptions options);
  /// Stops.
  ~Node() override;

  /// Takes no more connections, closes those that are open with the shutdown code, and waits for
  /// their end for `patience` at most. All facts have been submitted when it returns. Idempotent.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(2));

  /// What peers are given from now on, on all shards soon.
  void serve(const std::shared_ptr<const ipfs::BlockSet>& blocks);

  const multiformats::PeerId& peer_id() const { return identity_.peer_id(); }
  /// As bound, with the real ports.
  std::vector<multiformats::Multiaddr> bound_addresses() const;

  monitor::HostStatistics statistics() override;
  monitor::PeerCensus census() override;
  bool ask(const monitor::Ask& ask, const std::shared_ptr<monitor::AskListener>& listener) override;
  std::unique_ptr<monitor::PeerCursor> peers() override;
  std::vector<std::string> peer_ids() const override;
  std::vector<std::string> listen_addrs() const override;

 private:
  Node(NodeParts parts, libp2p::PeerIdentity identity, libp2p::NodeSecurity security,
       NodeOptions options);
  std::expected<void, StartError> listen();
  std::expected<std::vector<multiformats::Multiaddr>, StartError> usable_listen_addresses() const;
  void announce();
  void keep_peers();
  void stop_listening();
  bool shards_stopped();
  void add_streams(const NodeShard& shard, monitor::HostStatistics& sum) const;
  void add_latencies(monitor::HostStatistics& sum);

  NodeParts parts_;
  libp2p::PeerIdentity identity_;
  libp2p::NodeSecurity security_;
  NodeOptions options_;
  libp2p::AddressRules rules_;
  libp2p::PeerDirectory directory_;
  libp2p::Admission admission_;
  LongMessages long_messages_;
  libp2p::tcp::PortSharing ports_;
  libp2p::tcp::ListenerCounters listener_counters_;
  std::vector<std::unique_ptr<NodeShard>> shards_;
  std::vector<std::unique_ptr<libp2p::Listener>> listeners_;
  std::vector<multiformats::Multiaddr> announced_;
  std::atomic<bool> stopping_{false};
  std::deque<LatencyWindow> latencies_;  // of the shards
};

}  // namespace mexport::node
