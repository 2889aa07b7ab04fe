// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/timer_wheel.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <system_error>
#include <unordered_map>
#include <vector>

namespace mexport::libp2p {

class Swarm;

/// Keeps a swarm connected to the peers that its operator named (Bootstrap, Peering, --peer): dials
/// them, and again with back-off when they are gone. One shard.
class PeerKeeper {
 public:
  explicit PeerKeeper(Swarm& swarm) : swarm_(swarm) {}

  /// Adds addresses when the peer is kept already.
  void keep(const multiformats::PeerId& peer, std::span<const multiformats::Multiaddr> addresses);
  void on_disconnected(const multiformats::PeerId& peer);
  /// Forgets all.
  void stop() { kept_.clear(); }

 private:
  struct Kept {
    Kept(PeerKeeper& owner, const multiformats::PeerId& id);

    PeerKeeper& keeper;
    multiformats::PeerId peer;
    std::vector<multiformats::Multiaddr> addresses;
    std::uint32_t failures = 0;
    base::SteadyTime connected_at;
    base::Timer timer;
  };

  void try_now(Kept& kept);
  /// Trouble of our own machine does not count against the peer.
  void retry_later(Kept& kept, std::error_code error);
  void arm(Kept& kept, std::chrono::nanoseconds delay);

  Swarm& swarm_;
  std::unordered_map<multiformats::PeerId, std::unique_ptr<Kept>> kept_;
};

}  // namespace mexport::libp2p
