// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/sender.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "libp2p/stream_error.hpp"
#include "tests/unit/ipfs/fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::ipfs {
namespace {

class BitswapSenderTest : public testing::Test {
 protected:
  BitswapSenderTest() : opener(new FakeOpener), sender(std::unique_ptr<StreamOpener>(opener)) {}

  static OutgoingWantlist want(std::uint32_t number) {
    const auto cid = multiformats::Cid::from_bytes(numbered_cid(number));
    EXPECT_TRUE(cid);
    return {.entries = {{.cid = *cid,
                         .priority = 5,
                         .want_type = wire::WantType::have,
                         .send_dont_have = true}}};
  }
  std::vector<wire::BitswapMessage> sent(std::size_t stream) {
    return messages_in(opener->streams.at(stream)->stream.written);
  }

  FakeOpener* opener;
  BitswapSender sender;
};

TEST_F(BitswapSenderTest, WritesOnOneStream) {
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(sender.send(want(1)));
  ASSERT_TRUE(sender.send(want(2)));
  ASSERT_EQ(opener->streams.size(), 1U);
  const auto messages = sent(0);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].wantlist.at(0).priority, 5);
  EXPECT_EQ(messages[0].wantlist[0].want_type, 1);
  EXPECT_TRUE(messages[0].wantlist[0].send_dont_have);
  EXPECT_FALSE(opener->streams[0]->stream.write_closed);
}

TEST_F(BitswapSenderTest, WaitsForTheProtocolAndWritesItsForm) {
  ASSERT_TRUE(sender.send(want(1)));
  EXPECT_EQ(sender.protocol(), std::nullopt);
  EXPECT_TRUE(opener->streams.at(0)->stream.written.empty());
  EXPECT_EQ(opener->streams[0]->proposals.size(), 4U);
  opener->streams[0]->agree(kBitswapProtocols[1]);
  EXPECT_EQ(sender.protocol(), wire::BitswapProtocol::v1_1_0);
  EXPECT_EQ(sent(0).at(0).wantlist.at(0).want_type, 0) << "1.1.0 knows no want types";
}

TEST_F(BitswapSenderTest, HoldsALimitedNumberBack) {
  for (std::size_t i = 0; i < kMaxWaitingWantlists; ++i) ASSERT_TRUE(sender.send(want(1)));
  EXPECT_EQ(sender.send(want(1)), base::fail(libp2p::StreamError::write_buffer_full));
}

TEST_F(BitswapSenderTest, ReplacesALostStream) {
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(sender.send(want(1)));
  opener->streams.at(0)->stream.peer_resets(libp2p::StreamCode::none);
  ASSERT_TRUE(sender.send(want(2)));
  EXPECT_EQ(sent(1).size(), 1U);
  opener->streams.at(1)->stream.peer_closes();
  EXPECT_TRUE(opener->streams[1]->stream.write_closed);
  ASSERT_TRUE(sender.send(want(3)));
  EXPECT_EQ(sent(2).size(), 1U);
}

TEST_F(BitswapSenderTest, TriesAgainAfterARefusal) {
  ASSERT_TRUE(sender.send(want(1)));
  opener->streams.at(0)->refuse();
  ASSERT_TRUE(sender.send(want(2)));
  opener->streams.at(1)->agree(kBitswapProtocols[0]);
  EXPECT_EQ(sent(1).size(), 1U) << "what waited for the first is lost";
}

TEST_F(BitswapSenderTest, TellsWhenNoStreamCanBeOpened) {
  opener->failing = true;
  EXPECT_EQ(sender.send(want(1)), base::fail(libp2p::StreamError::closed));
}

TEST_F(BitswapSenderTest, HalfClosesWhenDone) {
  sender.close();
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(sender.send(want(1)));
  sender.close();
  EXPECT_TRUE(opener->streams.at(0)->stream.write_closed);
  EXPECT_EQ(sender.protocol(), std::nullopt);
}

TEST(BitswapSenderLifetime, MayGoBeforeItsStream) {
  auto opener = std::make_unique<FakeOpener>();
  auto streams = std::vector<std::unique_ptr<FakeOpener::Opened>>();
  {
    FakeOpener* raw = opener.get();
    BitswapSender sender(std::move(opener));
    ASSERT_TRUE(sender.send({}));
    streams = std::move(raw->streams);
  }
  streams.at(0)->agree(kBitswapProtocols[0]);
  EXPECT_TRUE(streams[0]->stream.written.empty());
}

}  // namespace
}  // namespace mexport::ipfs
