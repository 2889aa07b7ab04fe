// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/service.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "tests/unit/ipfs/fake_connection.hpp"
#include "tests/unit/ipfs/fixture.hpp"
#include "wire/bitswap_writer.hpp"
#include "wire/error.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace mexport::ipfs {
namespace {

using std::chrono::milliseconds;

struct Recorder final : BitswapEvents {
  void on_bitswap_message(libp2p::Connection&, wire::BitswapMessage&& message,
                          const BitswapMessageInfo& info) override {
    messages.push_back(std::move(message));
    infos.push_back(info);
  }
  void on_bad_bitswap_message(libp2p::Connection&, std::error_code error) override {
    errors.push_back(error);
  }
  std::vector<wire::BitswapMessage> messages;
  std::vector<BitswapMessageInfo> infos;
  std::vector<std::error_code> errors;
};

class BitswapServiceTest : public testing::Test {
 protected:
  BitswapServiceTest() { service.register_protocols(protocols); }

  std::unique_ptr<InboundStream> open(std::string_view protocol) {
    auto stream = std::make_unique<InboundStream>(*connection);
    const auto* factory = protocols.find(protocol);
    EXPECT_NE(factory, nullptr);
    stream->set_handler((*factory)(*stream, protocol));
    return stream;
  }
  static base::Bytes want(std::uint32_t number) {
    wire::BitswapMessageWriter writer(wire::BitswapProtocol::v1_2_0);
    const auto cid = numbered_cid(number);
    writer.add_entry({.cid = cid, .send_dont_have = true});
    return writer.frame();
  }

  TestRuntime runtime;
  Recorder events;
  BitswapService service{runtime, events};
  libp2p::ProtocolTable protocols;
  std::optional<FakeConnection> connection{std::in_place};
};

TEST_F(BitswapServiceTest, TakesTheFourProtocols) {
  EXPECT_EQ(protocols.protocols(),
            std::vector<std::string>(kBitswapProtocols.begin(), kBitswapProtocols.end()));
}

TEST_F(BitswapServiceTest, TellsWhatCameAndHow) {
  const auto first = open("/ipfs/bitswap/1.2.0");
  const auto second = open("/ipfs/bitswap");
  EXPECT_EQ(service.ledger(*connection), nullptr) << "nothing is kept before the first message";
  runtime.advance(milliseconds(5));
  first->peer_sends(want(1));
  second->peer_sends(want(2));
  ASSERT_EQ(events.infos.size(), 2U);
  EXPECT_EQ(events.infos[0].received_at, runtime.now());
  EXPECT_EQ(events.infos[0].stream, 7U);
  EXPECT_EQ(events.infos[0].size, want(1).size() - 1);
  EXPECT_EQ(events.infos[0].index, 0U);
  EXPECT_EQ(events.infos[1].index, 1U);
  EXPECT_EQ(events.infos[1].protocol, wire::BitswapProtocol::unversioned);
  EXPECT_EQ(service.counters().messages.value(), 2U);
  EXPECT_EQ(service.ledger(*connection)->size(), 2U);
  EXPECT_TRUE(service.ledger(*connection)->find(service.ledger_key(numbered_cid(1))));
}

TEST_F(BitswapServiceTest, AnswersOnTheSameConnection) {
  const auto stream = open("/ipfs/bitswap/1.2.0");
  stream->peer_sends(want(1));
  runtime.advance(milliseconds(100));
  ASSERT_EQ(connection->opener.streams.size(), 1U);
  connection->opener.streams[0]->agree(kPresenceProtocols[0]);
  EXPECT_EQ(messages_in(connection->opener.streams[0]->stream.written).at(0).presences.size(), 1U);
  EXPECT_EQ(service.counters().answers_sent.value(), 1U);
}

TEST_F(BitswapServiceTest, MessagesThatSayNothingAreHeldToARate) {
  const auto flood = open("/ipfs/bitswap/1.2.0");
  flood->peer_sends(base::Bytes(BitswapOptions().empty_messages.burst, 0));
  EXPECT_FALSE(flood->reset_code);
  flood->peer_sends(base::Bytes(1000, 0));
  EXPECT_EQ(flood->reset_code, libp2p::StreamCode::rate_limited);
  EXPECT_EQ(events.messages.size(), BitswapOptions().empty_messages.burst);
  EXPECT_EQ(service.counters().refused_empty.value(), 1000U);

  const auto again = open("/ipfs/bitswap/1.2.0");
  again->peer_sends(want(1));
  EXPECT_EQ(events.messages.size(), BitswapOptions().empty_messages.burst + 1)
      << "others are not held back";
  runtime.advance(milliseconds(20));
  again->peer_sends(base::Bytes(1, 0));
  EXPECT_FALSE(again->reset_code);
}

TEST_F(BitswapServiceTest, ABadMessageLeavesTheOtherStreamsAlone) {
  const auto bad = open("/ipfs/bitswap/1.2.0");
  const auto good = open("/ipfs/bitswap/1.2.0");
  bad->peer_sends(wire::bytes("03 ffffff"));
  good->peer_sends(want(1));
  EXPECT_TRUE(bad->reset_code);
  EXPECT_FALSE(connection->closed);
  EXPECT_EQ(events.errors, std::vector<std::error_code>{wire::Error::bad_protobuf});
  EXPECT_EQ(events.messages.size(), 1U);
  const auto index = static_cast<std::size_t>(wire::Error::bad_protobuf);
  EXPECT_EQ(service.counters().refused.at(index).value(), 1U);
}

TEST_F(BitswapServiceTest, TheConnectionAnswersForAnIncompleteMessage) {
  const auto stream = open("/ipfs/bitswap/1.2.0");
  stream->peer_sends(wire::bytes("80 80 80 02"));
  stream->peer_sends(base::Bytes(120'000, 0));
  EXPECT_GE(connection->bytes().held(), 120'000U);
  stream->ends_with_connection();
  EXPECT_EQ(connection->bytes().held(), 0U);
}

TEST_F(BitswapServiceTest, LetsGoOfAConnectionThatEnds) {
  auto stream = open("/ipfs/bitswap/1.2.0");
  stream->peer_sends(want(1));
  stream->peer_sends(wire::bytes("80 80 01 00"));
  EXPECT_EQ(service.counters().live_wants.value(), 1U);
  stream->ends_with_connection();
  service.on_disconnected(*connection);
  EXPECT_EQ(service.counters().live_wants.value(), 0U);
  EXPECT_EQ(service.counters().answers_dropped_failed.value(), 1U);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
  stream.reset();
  connection.reset();
}

TEST_F(BitswapServiceTest, AConnectionWithoutBitswapEndsQuietly) {
  service.on_disconnected(*connection);
  EXPECT_EQ(service.ledger(*connection), nullptr);
}

}  // namespace
}  // namespace mexport::ipfs
