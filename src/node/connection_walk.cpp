// SPDX-License-Identifier: MIT
#include "node/connection_walk.hpp"

namespace mexport::node {

namespace {

constexpr std::size_t kBetweenLooksAtTheClock = 32;

ConnectionDetail detail_of(const libp2p::Connection& connection) {
  const auto& info = connection.info();
  return {.id = info.id,
          .opened_at = info.opened_at,
          .transport = info.transport,
          .security = info.security,
          .latency = connection.latency(),
          .streams = static_cast<std::uint32_t>(connection.stream_count()),
          .direction = info.direction};
}

}  // namespace

void ConnectionWalk::look(std::span<const std::unique_ptr<libp2p::Connection>> connections) {
  const auto until = std::chrono::steady_clock::now() + kSlice;
  std::size_t seen = 0;
  walk_.slice(
      connections.size(),
      [&](std::size_t index) { found_.push_back(detail_of(*connections[index])); },
      [&] {
        return ++seen % kBetweenLooksAtTheClock == 0 && std::chrono::steady_clock::now() >= until;
      });
}

void ConnectionWalk::move_to(std::vector<ConnectionDetail>& details) {
  details.insert(details.end(), found_.begin(), found_.end());
  found_ = {};
}

}  // namespace mexport::node
