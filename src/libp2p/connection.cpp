// SPDX-License-Identifier: MIT
#include "libp2p/connection.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {

Connection::Connection(Swarm& swarm, ConnectionInfo info) : swarm_(swarm), info_(std::move(info)) {}

Connection::~Connection() = default;

std::optional<std::chrono::nanoseconds> Connection::latency() const {
  if (latency_.count() == 0) return std::nullopt;
  return latency_;
}

void Connection::record_rtt(std::chrono::nanoseconds rtt) {
  rtt = std::max(rtt, std::chrono::nanoseconds(1));  // zero stands for unknown
  latency_ = latency_.count() == 0 ? rtt : (latency_ * 9 + rtt) / 10;
}

const PeerSnapshotPtr& Connection::peer_snapshot() {
  return directory_.snapshot();
}

bool Connection::speaks(std::string_view protocol) const {
  return protocols_ && std::ranges::find(*protocols_, protocol) != protocols_->end();
}

}  // namespace mexport::libp2p
