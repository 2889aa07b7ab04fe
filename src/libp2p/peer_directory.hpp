// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/peer_id.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mexport::libp2p {

/// A peer with more connections has the addresses of the first listed: each connection holds a
/// list, and each of the peer's messages is recorded with it.
inline constexpr std::size_t kMaxListedAddresses = 64;

/// What all shards know of one connected peer. Immutable; replaced as a whole.
struct PeerSnapshot {
  /// Multiaddr texts without /p2p of its open connections, in the order in which they were opened;
  /// at most kMaxListedAddresses.
  std::shared_ptr<const std::vector<std::string>> addresses;
  /// As identify told; null while unknown. Interned: many peers share one.
  std::shared_ptr<const std::string> agent_version;
  /// As identify told last; null while unknown. Many peers share one.
  std::shared_ptr<const std::vector<std::string>> protocols;
  std::size_t connections = 0;  ///< all that are open

  std::size_t connection_count() const { return connections; }
};
using PeerSnapshotPtr = std::shared_ptr<const PeerSnapshot>;

/// Which peers a node is connected to, over all its shards. Written only at connect, disconnect and
/// identify; a connection reads its peer's snapshot with one atomic load as long as nothing has
/// changed. Thread-safe. One object per node; outlives its entries.
class PeerDirectory {
  struct Entry;

 public:
  /// A connection's hold on its peer's entry. Lives on the connection's shard.
  class Handle {
   public:
    Handle() = default;
    /// Closes.
    ~Handle();
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;

    /// The peer's state now; the reference is valid until the next call. The handle must be open.
    const PeerSnapshotPtr& snapshot();
    /// Makes `agent` the peer's agent version.
    void set_agent_version(std::string_view agent);
    /// Makes `protocols` what the peer speaks.
    void set_protocols(std::shared_ptr<const std::vector<std::string>> protocols);
    /// Takes the connection out; how many are still open to the peer. 0 when already closed.
    std::size_t close();

   private:
    friend class PeerDirectory;
    PeerDirectory* directory_ = nullptr;
    std::shared_ptr<Entry> entry_;
    PeerSnapshotPtr snapshot_;
    std::uint64_t connection_id_ = 0;
    std::uint32_t version_ = 0;
  };

  PeerDirectory();
  ~PeerDirectory();

  /// Enters a connection; `address` is its remote address without /p2p.
  Handle open(const multiformats::PeerId& peer, std::uint64_t connection_id, std::string address);

  /// Open connections to `peer` over all shards.
  std::size_t connection_count(const multiformats::PeerId& peer) const;
  /// Peers with at least one open connection.
  std::size_t peer_count() const;
  /// Shows each peer once, in no order. `visit` is called without a lock, on the caller's thread;
  /// connecting peers wait for the copying of one part of the pointers at most.
  void visit(const std::function<void(const PeerSnapshot&)>& visit) const;

  /// A peer with the ids of its connections, in the order in which they were opened; the first are
  /// those of snapshot->addresses.
  struct Listed {
    multiformats::PeerId peer;
    PeerSnapshotPtr snapshot;
    std::vector<std::uint64_t> connections;
  };
  /// The peers fall into so many parts by their ids.
  static constexpr std::size_t kParts = 256;
  /// The peers of one part (below kParts), in no order.
  std::vector<Listed> part(std::size_t index) const;

 private:
  struct Stripe {
    mutable std::mutex mutex;
    std::unordered_map<multiformats::PeerId, std::shared_ptr<Entry>> entries;
  };
  /// Agent versions in use, weakly held.
  struct Interned {
    std::mutex mutex;
    std::unordered_map<std::string, std::weak_ptr<const std::string>> texts;
    std::size_t sweep_at = 64;
  };

  Stripe& stripe_of(const multiformats::PeerId& peer) const;
  std::shared_ptr<const std::string> intern(std::string_view text);

  std::unique_ptr<std::array<Stripe, kParts>> stripes_;
  Interned agents_;
};

}  // namespace mexport::libp2p
