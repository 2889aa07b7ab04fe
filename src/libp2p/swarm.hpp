// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "libp2p/address_rules.hpp"
#include "libp2p/admission.hpp"
#include "libp2p/byte_budget.hpp"
#include "libp2p/close_info.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/connection_set.hpp"
#include "libp2p/error_codes.hpp"
#include "libp2p/identify/identify_result.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/peer_directory.hpp"
#include "libp2p/protocol_table.hpp"
#include "libp2p/security_policy.hpp"
#include "libp2p/shard.hpp"
#include "libp2p/swarm_counters.hpp"
#include "libp2p/transport.hpp"
#include "libp2p/upgrade.hpp"
#include "libp2p/upgrade_options.hpp"
#include "libp2p/yamux/session.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mexport::libp2p {

class Dialer;
class PeerIdentity;
class PeerKeeper;
class UpgradeSet;
namespace identify {
class Service;
}
namespace ping {
class Service;
}

/// What a swarm tells its owner. All calls come on the shard. The owner may open and close
/// connections and streams from within, but not destroy the swarm.
class SwarmEvents {
 public:
  virtual ~SwarmEvents() = default;

  /// Secured and multiplexed; no stream of the peer has been looked at yet.
  virtual void on_connected(Connection& connection) = 0;
  /// All streams are gone and their handlers have heard of it. The connection is destroyed, with
  /// its attachments, some time after the call.
  virtual void on_disconnected(Connection& connection, const CloseInfo& info) = 0;
  /// Once after each connect, also when identify failed, and at each push.
  virtual void on_identified(Connection& connection, IdentifyResult result) = 0;

  /// How the log names a peer at an address, or who is there when it is not known (nullptr): in
  /// full, unless the owner knows a reason to hide either.
  virtual std::string log_name(const multiformats::PeerId* peer,
                               const multiformats::Multiaddr& remote) const;
};

/// Numbers the connections of a process. Thread-safe.
class ConnectionIds {
 public:
  std::uint64_t next() { return next_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> next_{1};
};

struct SwarmOptions {
  std::uint32_t node = 0;       ///< index of the node in its process
  std::string agent_version{};  ///< what identify tells
  std::string protocol_version = "ipfs/0.1.0";
  AddressRules address_rules{};
  UpgradeOptions upgrade{};
  SecurityOptions security{};
  yamux::Options yamux{};

  /// Inbound handshakes under way; the oldest gives way to a new one. Counts for this shard alone:
  /// a node divides its own by its shards. 0: no limit.
  std::size_t max_handshakes = 256;
  /// Outbound raw connections and handshakes under way, over all peers; others wait. For this shard
  /// alone, too (go-libp2p: p2p/net/swarm/limiter.go).
  std::size_t max_dials = 160;
  /// Inbound streams over all connections of this shard; at more the connections that have most of
  /// them go. 0: no limit.
  std::size_t max_streams = 250'000;
  /// For this shard alone, too. What holds more than it may goes; at more than all may hold, those
  /// that hold most.
  ByteLimits bytes{};

  std::chrono::milliseconds stream_negotiation_timeout{10'000};
  std::chrono::milliseconds identify_timeout{10'000};
  /// What one peer may push. As go-libp2p, which counts by network (p2p/protocol/identify/id.go).
  base::Rate identify_pushes{.interval = std::chrono::seconds(5), .burst = 10};
};

/// What a swarm is built on. All of it outlives the swarm.
struct SwarmParts {
  Shard& shard;
  const PeerIdentity& identity;
  const NodeSecurity& security;  ///< of the same identity, shared by the node's swarms as the next
  PeerDirectory& directory;
  ConnectionIds& ids;        ///< the process's
  const base::Clock& clock;  ///< for the sequence of our peer record
  SwarmEvents& events;
  base::Logger log;
  Admission* admission = nullptr;  ///< the node's, shared by its swarms; nullptr: all get in
};

/// The connections of one node on one shard: takes raw connections in, secures and multiplexes
/// them, dials, identifies, answers pings, holds the limits. Several swarms may share a shard; the
/// swarms of a node share a PeerDirectory. All members belong to the shard's thread, construction
/// and destruction included, except where noted. Destruction ends all connections without a word;
/// stop() first for an orderly end.
class Swarm final : private Flushable {
 public:
  Swarm(SwarmParts parts, SwarmOptions options);
  ~Swarm();
  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;

  const SwarmOptions& options() const { return options_; }
  Shard& shard() { return parts_.shard; }
  const PeerIdentity& identity() const { return parts_.identity; }
  const multiformats::PeerId& local_peer() const;

  /// Identify and ping are there from the start. To be filled before the first connection.
  ProtocolTable& protocols() { return protocols_; }
  const ProtocolTable& protocols() const { return protocols_; }

  /// `transport` outlives the swarm.
  void add_transport(Transport& transport) { transports_.push_back(&transport); }

  /// A connection that a listener took in on this shard.
  void accept(RawConnectionPtr raw);

  /// Connects, or answers with the connection that this shard has already. Called once, maybe from
  /// within. Dials to one peer share their work. DialError says why there is none.
  using DialCallback = std::function<void(base::Result<Connection*>)>;
  void dial(const multiformats::PeerId& peer, std::span<const multiformats::Multiaddr> addresses,
            DialCallback callback);

  /// Keeps a connection to the peer, with back-off, until stop(). To be asked of one shard only.
  void keep_connected(const multiformats::PeerId& peer,
                      std::span<const multiformats::Multiaddr> addresses);

  /// What identify announces from now on; already filtered (announced_addresses()). Peers that are
  /// connected hear of a change, paced.
  void set_announced_addresses(std::vector<multiformats::Multiaddr> addresses);

  /// An open connection to the peer on this shard, or nullptr.
  Connection* find_connection(const multiformats::PeerId& peer);
  std::span<const std::unique_ptr<Connection>> connections() const { return connections_.all(); }

  /// Ends the handshakes, closes all connections with `code` and takes no new ones.
  void stop(ConnectionCode code = ConnectionCode::shutdown);
  /// Whether nothing is left after stop().
  bool stopped() const;

  /// Readable from any thread.
  const SwarmCounters& counters() const { return counters_; }
  /// What its connections hold; from any thread.
  std::size_t bytes_held() const { return bytes_.held(); }

  /// Asks for the round trip by /ipfs/ping/1.0.0 (32 bytes); counted into Connection::latency().
  void ping(Connection& connection);

 private:
  friend class Dialer;
  friend class MuxedConnection;
  friend class PeerKeeper;
  friend class identify::Service;
  friend class ping::Service;

  /// Makes a connection of what an upgrade has achieved.
  Connection& adopt(Upgraded upgraded, Admission::Place place);
  /// The place that the connection gets, or nullopt; counts who is refused.
  std::optional<Admission::Place> admit(const multiformats::Multiaddr& remote);
  /// Called by a connection, from anywhere, once it has ended; the next flush() takes it out.
  void on_ended(Connection& connection);
  void remove(Connection& connection);
  void on_stream_opened();
  void relieve_bytes();
  void relieve_streams();
  base::Counter& gauge(const Connection& connection);
  void flush() override;

  SwarmParts parts_;
  SwarmOptions options_;
  SwarmCounters counters_;
  ProtocolTable protocols_;
  std::vector<Transport*> transports_;
  std::vector<Connection*> ended_;
  SecurityPolicy security_;
  ByteBudget bytes_;
  bool bytes_exceeded_ = false;
  bool streams_exceeded_ = false;
  Upgrade::Context upgrade_context_;
  std::unique_ptr<UpgradeSet> upgrades_;
  std::unique_ptr<identify::Service> identify_;
  std::unique_ptr<ping::Service> ping_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<PeerKeeper> keeper_;
  ConnectionSet connections_;  // last, since what lives on connections uses the services
  bool stopping_ = false;
};

}  // namespace mexport::libp2p
