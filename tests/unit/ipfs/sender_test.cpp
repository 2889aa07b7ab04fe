// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/sender.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "libp2p/stream_error.hpp"
#include "tests/unit/ipfs/fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mexport::ipfs {
namespace {

using std::chrono::milliseconds;

/// What send() tells later of each message, in its order.
struct Outcomes {
  class Receipt final : public BitswapSender::Receipt {
   public:
    explicit Receipt(Outcomes& outcomes) : outcomes_(outcomes), at_(outcomes.told.size()) {
      outcomes_.told.emplace_back();
    }
    void on_written(const Written& how) override {
      EXPECT_GT(how.size, 0U);
      outcomes_.written.push_back(how.protocol);
    }
    void on_done(std::string_view error) override {
      EXPECT_FALSE(outcomes_.told[at_]) << "told twice";
      outcomes_.told[at_] = error;
    }

   private:
    Outcomes& outcomes_;
    const std::size_t at_;
  };
  std::unique_ptr<BitswapSender::Receipt> next() { return std::make_unique<Receipt>(*this); }

  std::vector<std::optional<std::string>> told;  // the error, empty when it is out
  std::vector<wire::BitswapProtocol> written;
};

class BitswapSenderTest : public testing::Test {
 protected:
  BitswapSenderTest()
      : opener(new FakeOpener),
        sender(std::unique_ptr<StreamOpener>(opener), milliseconds(30'000)) {}

  static std::shared_ptr<const wire::OutgoingWantlist> want(std::uint32_t number) {
    const auto cid = multiformats::Cid::from_bytes(numbered_cid(number));
    EXPECT_TRUE(cid);
    auto wantlist = std::make_shared<wire::OutgoingWantlist>();
    wantlist->entries = {
        {.cid = *cid, .priority = 5, .want_type = wire::WantType::have, .send_dont_have = true}};
    return wantlist;
  }
  base::Status send(std::uint32_t number) { return sender.send(want(number), outcomes.next()); }
  std::vector<wire::BitswapMessage> sent(std::size_t stream) {
    return messages_in(opener->streams.at(stream)->stream.written);
  }

  Outcomes outcomes;
  FakeOpener* opener;
  BitswapSender sender;
};

TEST_F(BitswapSenderTest, WritesOnOneStream) {
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(send(1));
  ASSERT_TRUE(send(2));
  ASSERT_EQ(opener->streams.size(), 1U);
  const auto messages = sent(0);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].wantlist.at(0).priority, 5);
  EXPECT_EQ(messages[0].wantlist[0].want_type, 1);
  EXPECT_TRUE(messages[0].wantlist[0].send_dont_have);
  EXPECT_FALSE(opener->streams[0]->stream.write_closed);
}

TEST_F(BitswapSenderTest, IsDoneWhenThePeerHasAgreedAndTheConnectionHasAllBytes) {
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(send(1));
  EXPECT_FALSE(outcomes.told[0]) << "the peer has not answered";
  auto& opened = *opener->streams.at(0);
  opened.stream.pending = 1;
  opened.agree(kBitswapProtocols[0]);
  EXPECT_FALSE(outcomes.told[0]) << "a byte waits";
  opened.stream.pending = 0;
  opened.stream.drained();
  EXPECT_EQ(outcomes.told[0], "");
  ASSERT_TRUE(send(2));
  EXPECT_EQ(outcomes.told[1], "") << "at once";
}

TEST_F(BitswapSenderTest, WaitsForTheProtocolAndWritesItsForm) {
  ASSERT_TRUE(send(1));
  EXPECT_EQ(sender.protocol(), std::nullopt);
  EXPECT_TRUE(opener->streams.at(0)->stream.written.empty());
  EXPECT_EQ(opener->streams[0]->proposals.size(), 4U);
  EXPECT_TRUE(outcomes.written.empty());
  opener->streams[0]->agree(kBitswapProtocols[1]);
  EXPECT_EQ(sender.protocol(), wire::BitswapProtocol::v1_1_0);
  EXPECT_EQ(sent(0).at(0).wantlist.at(0).want_type, 0) << "1.1.0 knows no want types";
  EXPECT_EQ(outcomes.told[0], "");
  EXPECT_EQ(outcomes.written, std::vector{wire::BitswapProtocol::v1_1_0});
}

TEST_F(BitswapSenderTest, ProposesTheBestThatIdentifyListed) {
  opener->spoken = {"/ipfs/bitswap", "/ipfs/bitswap/1.1.0"};
  ASSERT_TRUE(send(1));
  const auto& opened = *opener->streams.at(0);
  EXPECT_EQ(opened.proposals, std::vector<std::string>{"/ipfs/bitswap/1.1.0"});
  EXPECT_EQ(opened.form, libp2p::multistream::Form::lazy);
  EXPECT_EQ(sent(0).size(), 1U);
}

TEST_F(BitswapSenderTest, HoldsALimitedNumberBack) {
  for (std::size_t i = 0; i < kMaxWaitingWantlists; ++i) ASSERT_TRUE(send(1));
  EXPECT_EQ(send(1), base::fail(libp2p::StreamError::write_buffer_full));
}

TEST_F(BitswapSenderTest, ReplacesALostStream) {
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(send(1));
  opener->streams.at(0)->stream.peer_resets(libp2p::StreamCode::none);
  EXPECT_EQ(outcomes.told[0], make_error_code(libp2p::StreamError::negotiation_failed).message());
  ASSERT_TRUE(send(2));
  EXPECT_EQ(sent(1).size(), 1U);
  opener->streams.at(1)->agree(kBitswapProtocols[0]);
  opener->streams[1]->stream.peer_closes();
  EXPECT_EQ(outcomes.told[1], "");
  EXPECT_TRUE(opener->streams[1]->stream.write_closed);
  ASSERT_TRUE(send(3));
  EXPECT_EQ(sent(2).size(), 1U);
}

TEST_F(BitswapSenderTest, TriesAgainAfterARefusal) {
  ASSERT_TRUE(send(1));
  opener->streams.at(0)->refuse();
  EXPECT_EQ(outcomes.told[0], make_error_code(libp2p::StreamError::negotiation_failed).message());
  ASSERT_TRUE(send(2));
  opener->streams.at(1)->agree(kBitswapProtocols[0]);
  EXPECT_EQ(sent(1).size(), 1U) << "what waited for the first is lost";
}

TEST_F(BitswapSenderTest, TellsWhenNoStreamCanBeOpened) {
  opener->failing = true;
  EXPECT_EQ(send(1), base::fail(libp2p::StreamError::closed));
  EXPECT_FALSE(outcomes.told[0]) << "it was told at once";
}

TEST_F(BitswapSenderTest, HalfClosesWhenDone) {
  sender.close();
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  ASSERT_TRUE(send(1));
  sender.close();
  EXPECT_TRUE(opener->streams.at(0)->stream.write_closed);
  EXPECT_EQ(sender.protocol(), std::nullopt);
}

TEST_F(BitswapSenderTest, AResetLosesWhatIsNotOut) {
  opener->spoken.insert("/ipfs/bitswap/1.2.0");
  sender.reset();
  ASSERT_TRUE(send(1));
  sender.reset();
  EXPECT_EQ(outcomes.told[0], make_error_code(libp2p::StreamError::negotiation_failed).message());
  EXPECT_TRUE(opener->streams.at(0)->stream.ended());
}

TEST(BitswapSenderLifetime, MayGoBeforeItsStream) {
  auto opener = std::make_unique<FakeOpener>();
  auto streams = std::vector<std::unique_ptr<FakeOpener::Opened>>();
  Outcomes outcomes;
  {
    FakeOpener* raw = opener.get();
    BitswapSender sender(std::move(opener), milliseconds(30'000));
    ASSERT_TRUE(sender.send(std::make_shared<wire::OutgoingWantlist>(), outcomes.next()));
    streams = std::move(raw->streams);
  }
  streams.at(0)->agree(kBitswapProtocols[0]);
  EXPECT_TRUE(streams[0]->stream.written.empty());
  EXPECT_FALSE(outcomes.told[0]) << "the sender has gone";
}

}  // namespace
}  // namespace mexport::ipfs
