// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/receiver.hpp"

#include "ipfs/bitswap/options.hpp"
#include "tests/unit/ipfs/fixture.hpp"
#include "wire/bitswap_writer.hpp"
#include "wire/error.hpp"

#include <gtest/gtest.h>

namespace mexport::ipfs {
namespace {

struct Recorder final : ReceiverEvents {
  void on_message(libp2p::Stream&, wire::BitswapMessage&& message, std::size_t size,
                  wire::BitswapProtocol protocol) override {
    messages.push_back(std::move(message));
    sizes.push_back(size);
    last_protocol = protocol;
  }
  void on_refused(libp2p::Stream&, std::error_code error) override { errors.push_back(error); }
  void on_gathered(libp2p::Stream&, std::size_t before, std::size_t now) override {
    gathered = gathered - before + now;
  }

  void on_long_message(libp2p::Stream&, std::size_t before, std::size_t now) override {
    EXPECT_EQ(long_message, before);
    long_message = now;
  }

  std::size_t long_message = 0;
  std::vector<wire::BitswapMessage> messages;
  std::vector<std::size_t> sizes;
  std::vector<std::error_code> errors;
  std::size_t gathered = 0;
  wire::BitswapProtocol last_protocol = wire::BitswapProtocol::unversioned;
};

class BitswapReceiverTest : public testing::Test {
 protected:
  BitswapReceiverTest() {
    stream.set_handler(std::make_unique<BitswapReceiver>(events, wire::BitswapProtocol::v1_1_0));
  }
  static base::Bytes want(std::uint32_t number) {
    wire::BitswapMessageWriter writer(wire::BitswapProtocol::v1_2_0);
    const auto cid = numbered_cid(number);
    writer.add_entry({.cid = cid, .priority = 1});
    return writer.frame();
  }

  Recorder events;
  libp2p::FakeStream stream;
};

TEST_F(BitswapReceiverTest, HandsOverEachMessageAndItsSize) {
  auto bytes = want(1);
  base::append(bytes, want(2));
  stream.peer_sends(bytes);
  ASSERT_EQ(events.messages.size(), 2U);
  EXPECT_EQ(events.sizes[0], want(1).size() - 1);
  EXPECT_EQ(events.last_protocol, wire::BitswapProtocol::v1_1_0);
  EXPECT_EQ(stream.consumed, bytes.size());
  EXPECT_EQ(events.gathered, 0U);
}

TEST_F(BitswapReceiverTest, GivesWindowBackForPiecesOfAMessage) {
  const auto bytes = want(1);
  for (const std::uint8_t byte : bytes) stream.peer_sends({&byte, 1});
  EXPECT_EQ(events.messages.size(), 1U);
  EXPECT_EQ(stream.consumed, bytes.size());
  EXPECT_EQ(events.gathered, 0U) << "what was held is given back";
}

TEST_F(BitswapReceiverTest, ABadMessageResetsTheStreamAlone) {
  stream.peer_sends(want(1));
  stream.peer_sends(wire::bytes("02 0805"));
  EXPECT_EQ(events.messages.size(), 1U);
  EXPECT_EQ(events.errors, std::vector<std::error_code>{wire::Error::wrong_wire_type});
  EXPECT_EQ(stream.reset_code, libp2p::StreamCode::protocol_violation);
}

TEST_F(BitswapReceiverTest, AnnouncedTooMuchIsRefusedAtOnce) {
  stream.peer_sends(wire::bytes("81 80 80 02"));
  EXPECT_EQ(events.errors, std::vector<std::error_code>{wire::Error::message_too_large});
  EXPECT_TRUE(stream.ended());
}

TEST_F(BitswapReceiverTest, ClosesItsSideAfterThePeer) {
  stream.peer_sends(want(1));
  EXPECT_FALSE(stream.write_closed);
  stream.peer_closes();
  EXPECT_TRUE(stream.write_closed);
  EXPECT_FALSE(stream.reset_code);
  EXPECT_TRUE(events.errors.empty());
}

TEST_F(BitswapReceiverTest, AMessageThatIsCutIsCounted) {
  stream.peer_sends(wire::bytes("20"));
  stream.peer_closes();
  EXPECT_EQ(events.errors, std::vector<std::error_code>{wire::Error::truncated_message});
  EXPECT_TRUE(stream.write_closed);
}

TEST_F(BitswapReceiverTest, TellsOfALongMessageUntilItsEnd) {
  const base::Bytes piece(kLongMessage);
  base::Bytes announced = wire::bytes("80 80 06");  // 96 KiB
  stream.peer_sends(announced);
  stream.peer_sends(base::ByteView(piece).first(kLongMessage - 1));
  EXPECT_EQ(events.long_message, 0U);
  stream.peer_sends(base::ByteView(piece).first(1));
  EXPECT_EQ(events.long_message, 2 * kLongMessage);
  stream.peer_sends(piece);
  EXPECT_EQ(events.long_message, 0U) << "refused, as zeros are no message";
  EXPECT_EQ(events.errors.size(), 1U);
}

TEST_F(BitswapReceiverTest, AResetGivesBackWhatWasHeld) {
  stream.peer_sends(wire::bytes("80 80 01 00 00"));
  EXPECT_GT(events.gathered, 0U);
  stream.peer_resets(libp2p::StreamCode::none);
  EXPECT_EQ(events.gathered, 0U);
}

}  // namespace
}  // namespace mexport::ipfs
