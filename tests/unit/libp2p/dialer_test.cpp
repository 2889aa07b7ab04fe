// SPDX-License-Identifier: MIT
#include "libp2p/dialer.hpp"

#include "libp2p/dial_error.hpp"
#include "tests/unit/libp2p/fakes.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::test {
namespace {

using Texts = std::vector<std::string>;

class DialerTest : public ::testing::Test {
 protected:
  FakeNetwork network;
  FakeShard shard;
  TestNode alice{network, shard, "/ip4/10.0.0.1/tcp/4001"};
  TestNode bob{network, shard, "/ip4/10.0.0.2/tcp/4001"};
};

TEST_F(DialerTest, OneConnectionForManyQuestions) {
  std::vector<Connection*> answers;
  shard.run([&] {
    for (int i = 0; i < 3; ++i) {
      alice.swarm->dial(bob.id(), {&bob.listen_addr, 1},
                        [&](base::Result<Connection*> c) { answers.push_back(c.value()); });
    }
  });
  alice.swarm->dial(bob.id(), {}, [&](auto c) { answers.push_back(c.value()); });
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0], answers[3]);
  EXPECT_EQ(network.dialled.size(), 1U);
}

TEST_F(DialerTest, TroubleOfOurOwnIsNotHeldAgainstThePeer) {
  for (const auto trouble : {std::errc::too_many_files_open, std::errc::no_buffer_space,
                             std::errc::too_many_files_open_in_system}) {
    network.out_of_room = std::make_error_code(trouble);
    EXPECT_EQ(alice.connect(bob).error(), DialError::local);
  }
  EXPECT_EQ(alice.swarm->counters().dials_failed_locally.value(), 3U);
  network.out_of_room = {};
  EXPECT_TRUE(alice.connect(bob)) << "at once, without a back-off";
}

TEST_F(DialerTest, OurselvesAndNobodyAreRefused) {
  EXPECT_EQ(alice.dial(alice.id(), {alice.listen_addr}).error(), DialError::self);
  EXPECT_EQ(alice.dial(bob.id(), {}).error(), DialError::no_address);
  EXPECT_EQ(alice.dial(bob.id(), {addr("/ip4/10.0.0.2/udp/4001/quic-v1")}).error(),
            DialError::no_address);
  EXPECT_EQ(alice.dial(bob.id(), {alice.listen_addr.with_p2p(alice.id())}).error(),
            DialError::no_address);
}

TEST_F(DialerTest, Ipv6FirstThenByTurnsEachAQuarterSecondLater) {
  const Texts silent{"/ip4/10.0.1.1/tcp/1", "/ip4/10.0.1.2/tcp/1", "/ip6/fd00::1/tcp/1"};
  network.black_holes = {silent.begin(), silent.end()};
  std::vector<multiformats::Multiaddr> addresses;
  for (const auto& text : silent) addresses.push_back(addr(text));
  addresses.push_back(bob.listen_addr);
  const auto pending = alice.dial(bob.id(), addresses);
  EXPECT_EQ(pending.error(), std::errc::operation_in_progress);
  EXPECT_EQ(network.dialled, Texts{"/ip6/fd00::1/tcp/1"});
  shard.advance(249ms);
  EXPECT_EQ(network.dialled.size(), 1U);
  shard.advance(1ms);
  EXPECT_EQ(network.dialled.back(), "/ip4/10.0.1.1/tcp/1");
  shard.advance(500ms);
  EXPECT_EQ(network.dialled.size(), 4U);
  EXPECT_EQ(alice.events.connected.size(), 1U);
}

TEST_F(DialerTest, AFailureIsFollowedAtOnce) {
  const auto gone = addr("/ip4/10.0.1.1/tcp/1");
  const auto connection = alice.dial(bob.id(), {gone, bob.listen_addr});
  EXPECT_TRUE(connection);
  EXPECT_EQ(network.dialled.size(), 2U);
}

TEST_F(DialerTest, AnAddressThatFailedIsLeftAloneForAWhile) {
  network.silence(bob.listen_addr);
  EXPECT_EQ(alice.connect(bob).error(), DialError::refused);
  EXPECT_EQ(alice.connect(bob).error(), DialError::backed_off);
  EXPECT_EQ(network.dialled.size(), 1U);
  shard.advance(6s);
  EXPECT_EQ(alice.connect(bob).error(), DialError::refused);
  EXPECT_EQ(alice.swarm->counters().dials_backed_off.value(), 1U);
}

TEST_F(DialerTest, ForbiddenAddressesAreNotTried) {
  SwarmOptions options;
  options.address_rules =
      make_address_rules(NetworkKind::public_network, std::span<multiformats::Multiaddr>(), {});
  TestNode open(network, shard, "/ip4/1.2.3.4/tcp/4001", std::move(options));
  EXPECT_EQ(open.connect(bob).error(), DialError::forbidden);
  EXPECT_TRUE(network.dialled.empty());
}

TEST_F(DialerTest, TheWrongPeerIsTold) {
  EXPECT_EQ(alice.dial(PeerIdentity::generate().value().peer_id(), {bob.listen_addr}).error(),
            DialError::wrong_peer);
}

TEST_F(DialerTest, DialsInFlightAreBounded) {
  std::vector<std::error_code> failed;
  shard.run([&] {
    for (std::size_t i = 0; i < SwarmOptions().max_dials + 10; ++i) {
      const auto silent = addr("/ip4/10.1.0.1/tcp/" + std::to_string(1000 + i));
      network.black_holes.insert(silent.to_string());
      base::Bytes digest(32, 1);
      digest[0] = static_cast<std::uint8_t>(i);
      alice.swarm->dial(multiformats::PeerId::from_sha256(digest), {&silent, 1},
                        [&](auto c) { failed.push_back(c.error()); });
    }
  });
  EXPECT_EQ(network.dialled.size(), SwarmOptions().max_dials);
  shard.run([&] { alice.swarm->stop(); });
  EXPECT_EQ(failed.size(), SwarmOptions().max_dials + 10);
  EXPECT_EQ(failed[0], DialError::stopped);
}

TEST_F(DialerTest, WaitingDialsGoOnWhenThereIsRoom) {
  network.silence(bob.listen_addr);
  std::size_t failed = 0;
  shard.run([&] {
    for (std::size_t i = 0; i < SwarmOptions().max_dials + 10; ++i) {
      const auto gone = addr("/ip4/10.1.0.1/tcp/" + std::to_string(1000 + i));
      base::Bytes digest(32, 1);
      digest[0] = static_cast<std::uint8_t>(i);
      alice.swarm->dial(multiformats::PeerId::from_sha256(digest), {&gone, 1},
                        [&](auto) { ++failed; });
    }
  });
  EXPECT_EQ(failed, SwarmOptions().max_dials + 10);
}

TEST(DialBackoff, GrowsWithTheSquareUpToFiveMinutes) {
  base::SeededRandom random(1);
  for (const auto& [failures, seconds] : std::vector<std::pair<std::uint32_t, int>>{
           {0, 5}, {1, 6}, {3, 14}, {10, 105}, {17, 294}, {18, 300}, {4'000'000'000, 300}}) {
    const auto delay = backoff_delay(failures, random);
    EXPECT_GE(delay, seconds * 900ms) << failures;
    EXPECT_LE(delay, seconds * 1100ms) << failures;
  }
}

TEST(DialBackoff, ForgetsWithSuccessAndHoldsNoMoreThanItsLimit) {
  base::SeededRandom random(1);
  DialBackoff backoff(random);
  const auto peer = multiformats::PeerId::from_sha256(base::Bytes(32, 1));
  const base::SteadyTime start{};
  const auto one = addr("/ip4/1.1.1.1/tcp/1");
  backoff.failed(peer, one, start);
  EXPECT_TRUE(backoff.blocked(peer, one, start));
  EXPECT_FALSE(backoff.blocked(peer, addr("/ip4/1.1.1.1/tcp/2"), start));
  backoff.succeeded(peer, one);
  EXPECT_FALSE(backoff.blocked(peer, one, start));

  for (std::size_t i = 0; i <= kMaxBackoffEntries; ++i) {
    const auto text =
        "/ip4/1.1." + std::to_string(i / 256) + "." + std::to_string(i % 256) + "/tcp/1";
    backoff.failed(peer, addr(text), start);
  }
  EXPECT_EQ(backoff.size(), kMaxBackoffEntries);
  backoff.failed(peer, addr("/ip4/9.9.9.9/tcp/1"), start + 10min);
  EXPECT_EQ(backoff.size(), 1U);
}

class PeerKeeperTest : public DialerTest {};

TEST_F(PeerKeeperTest, ConnectsAndComesBack) {
  shard.run([&] { alice.swarm->keep_connected(bob.id(), {&bob.listen_addr, 1}); });
  shard.advance(1ms);
  ASSERT_EQ(alice.events.connected.size(), 1U);
  shard.advance(2min);
  EXPECT_EQ(network.dialled.size(), 1U);

  shard.run([&] { bob.events.connected[0]->close(ConnectionCode::garbage_collected); });
  EXPECT_TRUE(alice.events.connected.empty());
  shard.advance(6s);
  EXPECT_EQ(alice.events.connected.size(), 1U);
}

TEST_F(PeerKeeperTest, TriesAPeerThatIsAwayLessAndLessOften) {
  network.silence(bob.listen_addr);
  shard.run([&] { alice.swarm->keep_connected(bob.id(), {&bob.listen_addr, 1}); });
  shard.advance(60s);
  const auto in_first_minute = network.dialled.size();
  EXPECT_GE(in_first_minute, 4U);
  shard.advance(1h);
  const auto before = network.dialled.size();
  shard.advance(1h);
  EXPECT_LE(network.dialled.size() - before, 14U);
  EXPECT_GE(network.dialled.size() - before, 10U);

  shard.run([&] { alice.swarm->stop(); });
  const auto at_stop = network.dialled.size();
  shard.advance(1h);
  EXPECT_EQ(network.dialled.size(), at_stop);
}

TEST_F(PeerKeeperTest, LeavesAPeerThatIsConnectedAnywayAlone) {
  bob.connect(alice).value();
  shard.run([&] { alice.swarm->keep_connected(bob.id(), {&bob.listen_addr, 1}); });
  shard.advance(5min);
  EXPECT_EQ(network.dialled.size(), 1U);  // bob's
}

}  // namespace
}  // namespace mexport::libp2p::test
