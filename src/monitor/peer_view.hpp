// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "monitor/observation.hpp"
#include "multiformats/peer_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::monitor {

/// One open connection, as it stood when it was looked at.
struct ConnectionView {
  std::string address;  ///< remote, multiaddr text without /p2p
  Direction direction = Direction::inbound;
  std::string_view transport;  ///< "tcp"; static storage
  std::string_view security;   ///< "noise"; static storage
  base::SteadyTime opened_at;
  std::size_t streams = 0;  ///< open, of both directions
};

/// A connected peer over all its connections, as far as it may be recorded: what Privacy excludes
/// is not there, and the rest is shown as it shows it.
struct PeerView {
  multiformats::PeerId peer;
  std::vector<ConnectionView>
      connections;                ///< at least one; in the order in which they were opened
  AgentVersionPtr agent_version;  ///< null while unknown
  std::shared_ptr<const std::vector<std::string>> protocols;  ///< null while unknown
  /// The smoothed round trip of the connection that was opened first of those measured.
  std::optional<std::chrono::nanoseconds> latency;
};

/// Goes once through the peers that were connected when it was made and still are when it comes to
/// them, each once. Used by one thread at a time; goes before its host does.
class PeerCursor {
 public:
  virtual ~PeerCursor() = default;

  /// Replaces `piece` by the next peers, some hundreds of 100,000; it may be empty. False when
  /// there were no more. Holds up none of the host's threads for more than a fraction of a
  /// millisecond.
  virtual bool next(std::vector<PeerView>& piece) = 0;
  /// How many connections were open when it was made, whether they may be shown or not.
  virtual std::size_t connections() const = 0;
};

/// Of a host without peers.
class NoPeers final : public PeerCursor {
 public:
  bool next(std::vector<PeerView>& piece) override {
    piece.clear();
    return false;
  }
  std::size_t connections() const override { return 0; }
};

}  // namespace mexport::monitor
