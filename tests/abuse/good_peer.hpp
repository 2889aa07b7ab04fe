// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "node/node_options.hpp"
#include "node/shard_pool.hpp"
#include "node/small_peer.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace mexport::abuse {

/// Peers as they should be, one after the other, on the project's own stack and a thread of its
/// own.
class GoodPeers {
 public:
  /// They come to `node`.
  explicit GoodPeers(node::KnownPeer node);
  ~GoodPeers();

  /// One that connects, is identified, sends a wantlist that asks for answers and has the first of
  /// them; then it leaves. Tells how long that took, or nothing when it took too long for any test.
  std::optional<std::chrono::nanoseconds> exchange();

 private:
  template <class Condition>
  bool wait_until(const node::SmallPeer& peer, Condition condition);

  node::KnownPeer node_;
  base::SystemClock clock_;
  libp2p::ConnectionIds ids_;
  node::ShardPool pool_;
  base::Bytes wantlist_;
};

/// A framed message of `entries` wants of CIDs that nobody has: want-haves that ask for an answer,
/// or the shortest that there are. `seed` makes others.
base::Bytes wantlist(std::size_t entries, bool send_dont_have, std::uint64_t seed = 1);

}  // namespace mexport::abuse
