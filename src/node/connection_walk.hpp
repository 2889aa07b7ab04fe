// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "monitor/backward_walk.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mexport::node {

/// What only its shard knows of a connection.
struct ConnectionDetail {
  std::uint64_t id = 0;
  base::SteadyTime opened_at;
  std::string_view transport;  ///< static storage, as the next
  std::string_view security;
  std::optional<std::chrono::nanoseconds> latency;
  std::uint32_t streams = 0;
  libp2p::Direction direction = libp2p::Direction::inbound;
};

/// Looks at a shard's connections in slices short enough for the shard to go on with its work in
/// between. Each that stays open is found; some may be found twice.
class ConnectionWalk {
 public:
  static constexpr std::chrono::microseconds kSlice{500};

  /// On the shard; for kSlice and a little.
  void look(std::span<const std::unique_ptr<libp2p::Connection>> connections);
  bool ended() const { return walk_.ended(); }
  /// Appends what was found and forgets it.
  void move_to(std::vector<ConnectionDetail>& details);

 private:
  monitor::BackwardWalk walk_;
  std::deque<ConnectionDetail> found_;  // never moved as it grows
};

}  // namespace mexport::node
