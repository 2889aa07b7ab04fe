// SPDX-License-Identifier: MIT
#include "libp2p/peer_keeper.hpp"

#include "libp2p/dial_error.hpp"
#include "libp2p/dialer.hpp"
#include "libp2p/swarm.hpp"

#include <algorithm>

namespace mexport::libp2p {
namespace {

/// The connection may be on another shard, whose end nobody tells us.
constexpr std::chrono::seconds kCheckInterval{30};
/// A connection that held for so long ends a row of failures.
constexpr std::chrono::seconds kGoodConnection{60};

}  // namespace

PeerKeeper::Kept::Kept(PeerKeeper& owner, const multiformats::PeerId& id)
    : keeper(owner),
      peer(id),
      timer(
          [](void* self) {
            auto& kept = *static_cast<Kept*>(self);
            kept.keeper.try_now(kept);
          },
          this) {}

void PeerKeeper::keep(const multiformats::PeerId& peer,
                      std::span<const multiformats::Multiaddr> addresses) {
  auto& kept = kept_[peer];
  const bool fresh = !kept;
  if (fresh) kept = std::make_unique<Kept>(*this, peer);
  for (const auto& address : addresses) {
    if (std::ranges::find(kept->addresses, address) == kept->addresses.end()) {
      kept->addresses.push_back(address);
    }
  }
  if (fresh) arm(*kept, std::chrono::nanoseconds(0));
}

void PeerKeeper::on_disconnected(const multiformats::PeerId& peer) {
  const auto found = kept_.find(peer);
  if (found == kept_.end()) return;
  Kept& kept = *found->second;
  if (swarm_.shard().now() - kept.connected_at >= kGoodConnection) kept.failures = 0;
  retry_later(kept, {});
}

void PeerKeeper::try_now(Kept& kept) {
  if (swarm_.parts_.directory.connection_count(kept.peer) > 0) return arm(kept, kCheckInterval);
  // By its id, since it may be forgotten meanwhile.
  swarm_.dialer_->dial(kept.peer, kept.addresses, Backoff::ignore,
                       [this, peer = kept.peer](base::Result<Connection*> connection) {
                         const auto found = kept_.find(peer);
                         if (found == kept_.end()) return;
                         Kept& tried = *found->second;
                         if (!connection) return retry_later(tried, connection.error());
                         tried.connected_at = swarm_.shard().now();
                         arm(tried, kCheckInterval);
                       });
}

void PeerKeeper::retry_later(Kept& kept, std::error_code error) {
  arm(kept, backoff_delay(kept.failures, swarm_.shard().random()));
  if (error != DialError::local) ++kept.failures;
}

void PeerKeeper::arm(Kept& kept, std::chrono::nanoseconds delay) {
  swarm_.shard().timers().arm(kept.timer, swarm_.shard().now() + delay);
}

}  // namespace mexport::libp2p
