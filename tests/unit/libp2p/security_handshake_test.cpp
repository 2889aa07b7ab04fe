// SPDX-License-Identifier: MIT
// What holds for the handshake of every security protocol.
#include "libp2p/security_fault.hpp"
#include "tests/unit/libp2p/noise_fixture.hpp"
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p {
namespace {

using test::CollectingSink;
using test::feed;
using test::run;

constexpr crypto::KeyType kKeyTypes[] = {crypto::KeyType::ed25519, crypto::KeyType::rsa,
                                         crypto::KeyType::secp256k1, crypto::KeyType::ecdsa};

std::string_view protocol_of(const noise::Party&) {
  return "/noise";
}
std::string_view protocol_of(const tls::Party&) {
  return "/tls/1.0.0";
}

template <class Party>
class SecurityHandshakes : public testing::Test {};

struct PartyName {
  template <class Party>
  static std::string GetName(int /*index*/) {
    return std::is_same_v<Party, noise::Party> ? "Noise" : "Tls";
  }
};

using Parties = testing::Types<noise::Party, tls::Party>;
TYPED_TEST_SUITE(SecurityHandshakes, Parties, PartyName);

TYPED_TEST(SecurityHandshakes, BothSidesLearnWhoTheOtherIs) {
  for (const auto type : kKeyTypes) {
    TypeParam a(type);
    TypeParam b;
    const auto initiator = a.handshake(Direction::outbound, b.identity.peer_id());
    const auto responder = b.handshake(Direction::inbound);
    ASSERT_TRUE(run(*initiator, *responder));
    const auto at_a = initiator->take_result();
    const auto at_b = responder->take_result();
    EXPECT_EQ(at_a.peer, b.identity.peer_id());
    EXPECT_EQ(at_b.peer, a.identity.peer_id());
    EXPECT_EQ(at_a.key, b.identity.public_key());
    EXPECT_EQ(at_b.key, a.identity.public_key());
    EXPECT_EQ(at_a.early_muxer, "/yamux/1.0.0");
    EXPECT_EQ(at_b.early_muxer, "/yamux/1.0.0");
    EXPECT_EQ(at_a.channel->protocol(), protocol_of(a));
    EXPECT_EQ(at_b.channel->protocol(), protocol_of(b));
  }
}

TYPED_TEST(SecurityHandshakes, AnyFragmentationWill) {
  TypeParam a;
  TypeParam b;
  for (const std::size_t step : {1U, 2U, 3U, 5U, 17U, 31U, 33U, 34U, 35U, 100U, 257U, 600U}) {
    const auto initiator = a.handshake(Direction::outbound);
    const auto responder = b.handshake(Direction::inbound);
    ASSERT_TRUE(run(*initiator, *responder, step)) << step;
    ASSERT_EQ(responder->take_result().peer, a.identity.peer_id()) << step;
  }
}

TYPED_TEST(SecurityHandshakes, ChannelsOfBothSidesFit) {
  TypeParam a;
  TypeParam b;
  const auto initiator = a.handshake(Direction::outbound);
  const auto responder = b.handshake(Direction::inbound);
  ASSERT_TRUE(run(*initiator, *responder));
  const auto at_a = initiator->take_result();
  const auto at_b = responder->take_result();
  base::Bytes wire;
  CollectingSink sink;
  at_a.channel->send(base::as_bytes("from a"), wire);
  ASSERT_TRUE(at_b.channel->receive(wire, sink));
  wire.clear();
  at_b.channel->send(base::as_bytes(", from b"), wire);
  ASSERT_TRUE(at_a.channel->receive(wire, sink));
  EXPECT_EQ(base::as_text(sink.bytes), "from a, from b");
}

TYPED_TEST(SecurityHandshakes, BytesBehindTheEndAreLeftForTheChannel) {
  TypeParam a;
  TypeParam b;
  const auto initiator = a.handshake(Direction::outbound);
  const auto responder = b.handshake(Direction::inbound);
  base::Bytes to_b;
  base::Bytes to_a;
  ASSERT_TRUE(initiator->start(to_b));
  ASSERT_TRUE(feed(*responder, to_b, to_a, 10'000));
  ASSERT_TRUE(feed(*initiator, to_a, to_b, 10'000));
  ASSERT_TRUE(initiator->done());
  const auto handshake_size = to_b.size();
  const auto at_a = initiator->take_result();
  at_a.channel->send(base::as_bytes("early"), to_b);
  const auto consumed = responder->receive(to_b, to_a);
  ASSERT_TRUE(consumed);
  EXPECT_EQ(*consumed, handshake_size);
  ASSERT_TRUE(responder->done());
  CollectingSink sink;
  const auto at_b = responder->take_result();
  ASSERT_TRUE(at_b.channel->receive(base::MutableByteView(to_b).subspan(*consumed), sink));
  EXPECT_EQ(base::as_text(sink.bytes), "early");
}

TYPED_TEST(SecurityHandshakes, AnotherPeerThanExpected) {
  TypeParam a;
  TypeParam b;
  TypeParam c;
  const auto initiator = a.handshake(Direction::outbound, c.identity.peer_id());
  const auto responder = b.handshake(Direction::inbound);
  EXPECT_EQ(run(*initiator, *responder).error(), SecurityFault::peer_mismatch);
  const auto second = a.handshake(Direction::outbound);
  const auto picky = b.handshake(Direction::inbound, c.identity.peer_id());
  EXPECT_EQ(run(*second, *picky).error(), SecurityFault::peer_mismatch);
}

}  // namespace
}  // namespace mexport::libp2p
