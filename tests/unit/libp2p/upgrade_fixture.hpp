// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/upgrade_set.hpp"
#include "tests/unit/libp2p/fakes.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::libp2p::test {

/// One side of a handshake.
struct Side {
  explicit Side(FakeShard& on, const std::vector<std::string>& muxers = {"/yamux/1.0.0"},
                const SecurityOptions& with = {})
      : shard(on),
        identity(PeerIdentity::generate().value()),
        node(NodeSecurity::create(identity, clock, muxers).value()),
        security(node, on.aead(), with) {}

  void begin(const FakeNetwork::EndPtr& end, Direction direction,
             const multiformats::PeerId& expected = {}) {
    shard.run([&] {
      set.start(raw_of(end), direction, expected,
                [this](UpgradeOutcome result) { outcome = std::move(result); });
    });
  }
  UpgradeFailure failure() const { return outcome.value().error(); }

  FakeShard& shard;
  PeerIdentity identity;
  FakeClock clock;
  NodeSecurity node;
  SecurityPolicy security;
  UpgradeOptions options;
  SwarmCounters counters;
  Upgrade::Context context{
      .shard = shard, .security = security, .local_peer = identity.peer_id(), .options = options};
  UpgradeSet set{context, 8, counters};
  std::optional<UpgradeOutcome> outcome;
};

class UpgradeFixture : public ::testing::Test {
 protected:
  FakeNetwork network;
  FakeShard shard;

  std::pair<FakeNetwork::EndPtr, FakeNetwork::EndPtr> wire() {
    return network.connect(shard, shard, addr("/ip4/10.0.0.1/tcp/1"), addr("/ip4/10.0.0.2/tcp/2"));
  }
  /// What our side has sent so far.
  static base::Bytes sent_to(const FakeNetwork::EndPtr& raw_end) {
    return std::exchange(raw_end->inbox, {});
  }
  void say(const FakeNetwork::EndPtr& from, base::ByteView bytes) {
    shard.run([&] {
      const auto to = from->peer.lock();
      base::append(to->inbox, bytes);
      FakeRawConnection::wake(to);
    });
  }
  static base::Bytes tokens(std::initializer_list<std::string_view> texts) {
    base::Bytes bytes;
    for (const auto text : texts) multistream::append_token(bytes, text);
    return bytes;
  }
};

}  // namespace mexport::libp2p::test
