// SPDX-License-Identifier: MIT
#include "tests/unit/libp2p/upgrade_fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::test {
namespace {

using UpgradeTest = UpgradeFixture;

TEST_F(UpgradeTest, BothSidesKnowEachOther) {
  Side dialler(shard);
  Side listener(shard);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  dialler.begin(a, Direction::outbound, listener.identity.peer_id());
  ASSERT_TRUE(dialler.outcome && *dialler.outcome);
  ASSERT_TRUE(listener.outcome && *listener.outcome);
  EXPECT_EQ((*dialler.outcome)->secured.peer, listener.identity.peer_id());
  EXPECT_EQ((*listener.outcome)->secured.peer, dialler.identity.peer_id());
  EXPECT_EQ((*dialler.outcome)->bytes_out, (*listener.outcome)->bytes_in);
  EXPECT_EQ(dialler.set.size(), 0U);
  EXPECT_EQ(dialler.counters.handshakes.value(), 0U);
}

TEST_F(UpgradeTest, TheDiallerSpeaksFirstInOneWrite) {
  Side dialler(shard);
  const auto [a, b] = wire();
  dialler.begin(a, Direction::outbound);
  EXPECT_EQ(a->writes, 1U);
  EXPECT_EQ(sent_to(b), tokens({"/multistream/1.0.0", "/noise"}));
}

TEST_F(UpgradeTest, MuxerIsNegotiatedWhereNotAgreedOnEarly) {
  Side dialler(shard, {});
  Side listener(shard);
  network.chunk = 1;
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  dialler.begin(a, Direction::outbound);
  EXPECT_TRUE(dialler.outcome && *dialler.outcome);
  EXPECT_TRUE(listener.outcome && *listener.outcome);
}

TEST_F(UpgradeTest, TlsIsRefusedAndNoiseTakenNext) {
  Side listener(shard);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  say(a, tokens({"/multistream/1.0.0", "/tls/1.0.0"}));
  EXPECT_EQ(sent_to(a), tokens({"/multistream/1.0.0", "na"}));
  say(a, tokens({"/noise"}));
  EXPECT_EQ(sent_to(a), tokens({"/noise"}));
  EXPECT_FALSE(listener.outcome);
}

TEST_F(UpgradeTest, AnotherPeerThanExpectedIsRefused) {
  Side dialler(shard);
  Side listener(shard);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  dialler.begin(a, Direction::outbound, PeerIdentity::generate().value().peer_id());
  EXPECT_EQ(dialler.failure(), UpgradeFailure::peer_mismatch);
  EXPECT_EQ(listener.failure(), UpgradeFailure::closed);
}

TEST_F(UpgradeTest, OurselvesAreRefused) {
  Side one(shard);
  const auto [a, b] = wire();
  std::vector<UpgradeFailure> failures;
  shard.run([&] {
    const auto done = [&](UpgradeOutcome outcome) { failures.push_back(outcome.error()); };
    one.set.start(raw_of(b), Direction::inbound, {}, done);
    one.set.start(raw_of(a), Direction::outbound, {}, done);
  });
  ASSERT_EQ(failures.size(), 2U);
  EXPECT_EQ(failures[0], UpgradeFailure::dialled_self);
}

TEST_F(UpgradeTest, ASocketThatMeetsItselfIsOurselves) {
  Side dialler(shard);
  const auto self = addr("/ip4/10.0.0.1/tcp/1");
  const auto [a, b] = network.connect(shard, shard, self, self);
  dialler.begin(a, Direction::outbound);
  while (!dialler.outcome) {
    const auto echo = sent_to(b);
    ASSERT_FALSE(echo.empty());
    say(b, echo);
  }
  EXPECT_EQ(dialler.failure(), UpgradeFailure::dialled_self);
}

TEST_F(UpgradeTest, SilenceEndsAfterTenSeconds) {
  Side listener(shard);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  shard.advance(9999ms);
  EXPECT_FALSE(listener.outcome);
  shard.advance(1ms);
  EXPECT_EQ(listener.failure(), UpgradeFailure::first_bytes_timeout);
  EXPECT_FALSE(b->open);
}

TEST_F(UpgradeTest, SlownessEndsAfterFifteenSeconds) {
  Side listener(shard);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  shard.advance(9s);
  say(a, tokens({"/multistream/1.0.0"}));
  shard.advance(5999ms);
  EXPECT_FALSE(listener.outcome);
  shard.advance(1ms);
  EXPECT_EQ(listener.failure(), UpgradeFailure::timeout);
}

TEST_F(UpgradeTest, GarbageEndsAtItsStage) {
  const auto failure_after = [&](std::initializer_list<std::string_view> texts,
                                 const base::Bytes& garbage) {
    Side listener(shard);
    const auto [a, b] = wire();
    listener.begin(b, Direction::inbound);
    say(a, tokens(texts));
    say(a, garbage);
    return listener.failure();
  };
  const base::Bytes http =
      base::to_bytes(base::as_bytes("GET / HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: a scanner of "
                                    "the kind that is everywhere\r\n"));
  EXPECT_EQ(failure_after({}, http), UpgradeFailure::security_negotiation);
  EXPECT_EQ(failure_after({}, base::Bytes(64, 0xff)), UpgradeFailure::security_negotiation);
  EXPECT_EQ(failure_after({"/multistream/1.0.0", "/noise"}, base::Bytes(64, 0xff)),
            UpgradeFailure::handshake);
  EXPECT_EQ(failure_after({"/multistream/1.0.0", "/noise"}, base::Bytes(64, 0)),
            UpgradeFailure::handshake);
}

TEST_F(UpgradeTest, ThePeersEndIsHeard) {
  Side listener(shard);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  shard.run([&] { raw_of(a)->close(); });
  EXPECT_EQ(listener.failure(), UpgradeFailure::closed);
  EXPECT_EQ(
      listener.counters.handshake_failed_inbound[static_cast<std::size_t>(UpgradeFailure::closed)]
          .value(),
      1U);
}

TEST_F(UpgradeTest, ACancelledOneSaysNothing) {
  Side dialler(shard);
  Side listener(shard);
  const auto [a, b] = wire();
  shard.run([&] {
    Upgrade& upgrade = dialler.set.start(raw_of(a), Direction::outbound, {},
                                         [&](UpgradeOutcome) { ADD_FAILURE(); });
    dialler.set.cancel(upgrade);
  });
  EXPECT_FALSE(a->open);
  EXPECT_EQ(dialler.set.size(), 0U);
}

}  // namespace
}  // namespace mexport::libp2p::test
