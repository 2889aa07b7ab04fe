// SPDX-License-Identifier: MIT
#include "tests/unit/libp2p/upgrade_fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::test {
namespace {

const SecurityOptions kNoiseAlone{.protocols = {SecurityProtocol::noise}};
const SecurityOptions kTlsAlone{.protocols = {SecurityProtocol::tls}};
const SecurityOptions kOffered{.prefer = SecurityPreference::offered};

/// As Go has it: TLS first.
const SecurityOptions kTlsFirst{.protocols = {SecurityProtocol::tls, SecurityProtocol::noise}};

class SecurityChoice : public UpgradeFixture {
 protected:
  /// What the two agree on; nullopt when they fail.
  std::optional<SecurityProtocol> meet(Side& dialler, Side& listener) {
    const auto [a, b] = wire();
    listener.outcome.reset();
    dialler.outcome.reset();
    listener.begin(b, Direction::inbound);
    dialler.begin(a, Direction::outbound, listener.identity.peer_id());
    // What an upgrade has achieved would have an owner now; here its ends are heard by nobody.
    a->handler = b->handler = nullptr;
    if (!*dialler.outcome || !*listener.outcome) return std::nullopt;
    EXPECT_EQ((*dialler.outcome)->security, (*listener.outcome)->security);
    EXPECT_EQ((*listener.outcome)->secured.peer, dialler.identity.peer_id());
    return (*dialler.outcome)->security;
  }
};

TEST_F(SecurityChoice, NoiseIsProposedFirst) {
  Side dialler(shard);
  Side listener(shard);
  Side as_offered(shard, {"/yamux/1.0.0"}, kOffered);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::noise);
  EXPECT_EQ(meet(as_offered, listener), SecurityProtocol::noise);
  EXPECT_EQ(meet(dialler, as_offered), SecurityProtocol::noise);
}

TEST_F(SecurityChoice, WithAListenerThatHasOnlyTlsItIsTls) {
  Side dialler(shard);
  Side listener(shard, {"/yamux/1.0.0"}, kTlsAlone);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls);
}

TEST_F(SecurityChoice, TlsDoesNotFollowItsProposalInTheSameFlight) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  const auto [a, b] = wire();
  dialler.begin(a, Direction::outbound);
  EXPECT_EQ(sent_to(b), tokens({"/multistream/1.0.0", "/tls/1.0.0"}));
  say(b, tokens({"/multistream/1.0.0", "/tls/1.0.0"}));
  EXPECT_FALSE(sent_to(b).empty());
}

TEST_F(SecurityChoice, AskedForNoiseAPeerThatHasItGetsIt) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsFirst);
  Side listener(shard);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::noise);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::noise);
  EXPECT_EQ(listener.counters.security_put_off.value(), 2U);
  EXPECT_EQ(listener.node.refused->size(), 0U);
}

TEST_F(SecurityChoice, APeerThatHasOnlyTlsGetsInAtItsSecondTry) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard);
  EXPECT_EQ(meet(dialler, listener), std::nullopt);
  EXPECT_EQ(dialler.failure(), UpgradeFailure::security_negotiation);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls);
  const auto tls = static_cast<std::size_t>(SecurityProtocol::tls);
  EXPECT_EQ(listener.counters.secured[tls].value(), 2U);
  EXPECT_EQ(listener.counters.security_put_off.value(), 1U);
}

TEST_F(SecurityChoice, ItsAddressIsForgottenAfterAnHourOfSilence) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard);
  EXPECT_EQ(meet(dialler, listener), std::nullopt);
  shard.advance(50min);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls);
  shard.advance(50min);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls) << "its coming back counts";
  shard.advance(61min);
  EXPECT_EQ(meet(dialler, listener), std::nullopt);
}

TEST_F(SecurityChoice, AnotherShardOfTheNodeKnowsOfTheRefusal) {
  FakeShard other;
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard);
  EXPECT_EQ(meet(dialler, listener), std::nullopt);
  const SecurityPolicy elsewhere(listener.node, other.aead(), {});
  EXPECT_FALSE(
      elsewhere.puts_off(SecurityProtocol::tls, addr("/ip4/10.0.0.1/tcp/1").ip(), shard.now()));
  EXPECT_TRUE(
      elsewhere.puts_off(SecurityProtocol::tls, addr("/ip4/10.0.0.3/tcp/1").ip(), shard.now()));
}

TEST_F(SecurityChoice, AsOfferedItGetsInAtItsFirstTry) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard, {"/yamux/1.0.0"}, kOffered);
  EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls);
  Side both(shard, {"/yamux/1.0.0"}, kTlsFirst);
  EXPECT_EQ(meet(both, listener), SecurityProtocol::tls);
}

TEST_F(SecurityChoice, WithoutACommonProtocolThereIsNone) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard, {"/yamux/1.0.0"}, kNoiseAlone);
  EXPECT_EQ(meet(dialler, listener), std::nullopt);
  EXPECT_EQ(meet(dialler, listener), std::nullopt);
  EXPECT_EQ(listener.node.refused->size(), 0U) << "nothing would come of its next try";
}

class TlsUpgrade : public SecurityChoice {};

TEST_F(TlsUpgrade, AnyFragmentationAndMuxersByMultistreamWork) {
  network.chunk = 1;
  for (const auto& muxers :
       {std::vector<std::string>{"/yamux/1.0.0"}, std::vector<std::string>{}}) {
    Side dialler(shard, muxers, kTlsAlone);
    Side listener(shard, {"/yamux/1.0.0"}, kOffered);
    EXPECT_EQ(meet(dialler, listener), SecurityProtocol::tls);
  }
}

TEST_F(TlsUpgrade, AnotherPeerThanExpectedIsRefused) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard, {"/yamux/1.0.0"}, kOffered);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  dialler.begin(a, Direction::outbound, PeerIdentity::generate().value().peer_id());
  EXPECT_EQ(dialler.failure(), UpgradeFailure::peer_mismatch);
  EXPECT_EQ(listener.failure(), UpgradeFailure::handshake) << "an alert has told it";
  const auto tls = static_cast<std::size_t>(SecurityProtocol::tls);
  EXPECT_EQ(dialler.counters.security_failed[tls].value(), 1U);
  EXPECT_EQ(listener.counters.security_failed[tls].value(), 1U);
}

TEST_F(TlsUpgrade, ACertificateThatIsNotValidNowIsABadIdentity) {
  Side dialler(shard, {"/yamux/1.0.0"}, kTlsAlone);
  Side listener(shard, {"/yamux/1.0.0"}, kOffered);
  dialler.clock.wall -= std::chrono::days(3);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  dialler.begin(a, Direction::outbound);
  EXPECT_EQ(dialler.failure(), UpgradeFailure::bad_identity);
  EXPECT_EQ(listener.failure(), UpgradeFailure::handshake);
}

TEST_F(TlsUpgrade, GarbageEndsItAtTheHandshake) {
  Side listener(shard, {"/yamux/1.0.0"}, kOffered);
  const auto [a, b] = wire();
  listener.begin(b, Direction::inbound);
  say(a, tokens({"/multistream/1.0.0", "/tls/1.0.0"}));
  EXPECT_EQ(sent_to(a), tokens({"/multistream/1.0.0", "/tls/1.0.0"}));
  say(a, base::Bytes(64, 0x16));
  EXPECT_EQ(listener.failure(), UpgradeFailure::handshake);
}

/// Whole nodes that have only TLS.
class TlsSwarm : public ::testing::Test {
 protected:
  static SwarmOptions options() {
    SwarmOptions with;
    with.security = kTlsAlone;
    return with;
  }

  FakeNetwork network;
  FakeShard shard;
  TestNode alice{network, shard, "/ip4/10.0.0.1/tcp/4001", options()};
  TestNode bob{network, shard, "/ip4/10.0.0.2/tcp/4001", options()};
};

TEST_F(TlsSwarm, ConnectsIdentifiesAndTellsWhyItCloses) {
  const auto connection = alice.connect(bob);
  ASSERT_TRUE(connection) << connection.error().message();
  EXPECT_EQ((*connection)->info().security, "tls");
  ASSERT_EQ(bob.events.connected.size(), 1U);
  EXPECT_EQ(bob.events.connected[0]->info().security, "tls");
  EXPECT_EQ(alice.events.identified.size(), 1U);
  EXPECT_EQ(bob.events.identified.size(), 1U);
  shard.run([&] { (*connection)->close(ConnectionCode::garbage_collected); });
  ASSERT_EQ(bob.events.disconnected.size(), 1U);
  const auto& end = bob.events.disconnected[0].info;
  EXPECT_EQ(end.by, ClosedBy::remote);
  EXPECT_EQ(end.reason, CloseReason::go_away);
  EXPECT_EQ(end.code, static_cast<std::uint32_t>(ConnectionCode::garbage_collected));
}

TEST_F(TlsSwarm, AnIdleConnectionIsKeptAlive) {
  ASSERT_TRUE(alice.connect(bob));
  shard.advance(10min);
  EXPECT_EQ(alice.events.connected.size(), 1U);
  EXPECT_EQ(bob.events.connected.size(), 1U);
}

}  // namespace
}  // namespace mexport::libp2p::test
