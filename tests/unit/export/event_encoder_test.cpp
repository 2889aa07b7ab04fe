// SPDX-License-Identifier: MIT
#include "export/event_encoder.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mexport::exporter {
namespace {

using monitor::testing::at_ms;
using monitor::testing::MessageBuilder;

constexpr std::string_view kHead =
    R"({"timestamp":"2026-11-22T20:28:33.5Z","peer":"12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx")";
// CIDv1 raw over 32 zero bytes, and over 01 00 00 00 repeated.
constexpr std::string_view kCid0 = "bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr std::string_view kCid1 = "bafkreiabaaaaaaiaaaaacaaaaaaqaaaaaeaaaaabaaaaaaiaaaaacaaaaa";

class EventEncoderTest : public ::testing::Test {
 protected:
  /// The event and, behind a space, what follows its part without our extras.
  std::string encode(const monitor::Fact& fact) {
    std::string out = "before";
    const auto size = encoder_.encode(fact, timestamp_, 9, out);
    EXPECT_TRUE(out.starts_with("before"));
    const auto line = out.substr(6);
    EXPECT_TRUE(line.starts_with(kHead)) << line;
    return line.substr(kHead.size(), size - kHead.size()) + " " + line.substr(size);
  }

  base::WallTime timestamp_{std::chrono::milliseconds(1'795'379'313'500)};
  EventEncoder encoder_{{}};
};

TEST_F(EventEncoderTest, AnEmptyMessage) {
  EXPECT_EQ(
      encode(monitor::testing::received(12)),
      R"(,"bitswap_message":{"wantlist_entries":[],"full_wantlist":false,"blocks":[],)"
      R"("block_presences":[],"connected_addresses":[]})"
      R"( ,"ext":{"seq":9,"conn":7,"conn_remote":"/ip4/127.0.0.1/tcp/33292","stream":0,)"
      R"("message_index":0,"connection_age_ms":12,"protocol":"/ipfs/bitswap/1.2.0","size":0}})");
}

TEST_F(EventEncoderTest, AMessageWithEverything) {
  auto fact = monitor::testing::received(1500, MessageBuilder()
                                                   .want(0, -5, 1, false, true)
                                                   .want(1, 0, 0, true)
                                                   .block(1, 6)
                                                   .presence(0, 1)
                                                   .build());
  fact.message.full = true;
  fact.message.pending_bytes = 99;
  fact.connected_addresses = std::make_shared<const monitor::AddressList>(
      monitor::AddressList{"/ip4/127.0.0.1/tcp/33292", "/dns4/a<b/tcp/1"});
  fact.agent_version = std::make_shared<const std::string>("kubo/0.43.0/\"x\"");
  fact.stream = 3;
  fact.message_index = 17;
  fact.size = 123;
  fact.protocol = wire::BitswapProtocol::v1_1_0;
  const auto cid0 = std::string(kCid0);
  const auto cid1 = std::string(kCid1);
  EXPECT_EQ(
      encode(fact),
      R"(,"bitswap_message":{"wantlist_entries":[{"Cid":{"/":")" + cid0 +
          R"("},"Priority":-5,"WantType":1,"Cancel":false,"SendDontHave":true},{"Cid":{"/":")" +
          cid1 +
          R"("},"Priority":0,"WantType":0,"Cancel":true,"SendDontHave":false}],)"
          R"("full_wantlist":true,"blocks":[{"/":")" +
          cid1 + R"("}],"block_presences":[{"cid":{"/":")" + cid0 +
          R"("},"block_presence_type":1}],"connected_addresses":)"
          R"(["/ip4/127.0.0.1/tcp/33292","/dns4/a\u003cb/tcp/1"]})"
          R"( ,"ext":{"seq":9,"conn":7,"conn_remote":"/ip4/127.0.0.1/tcp/33292","stream":3,)"
          R"("message_index":17,"connection_age_ms":1500,"protocol":"/ipfs/bitswap/1.1.0",)"
          R"("size":123,"pending_bytes":99,"block_sizes":[6],)"
          R"("agent_version":"kubo/0.43.0/\"x\""}})");
}

TEST_F(EventEncoderTest, WhatTheWireSaidElse) {
  const auto text = encode(monitor::testing::received(0, MessageBuilder()
                                                             .want(0, 1, 1)
                                                             .want(0, 2, 0)
                                                             .want(1, 3, -1)
                                                             .block(1, 6)
                                                             .block(1, 6)
                                                             .presence(1, 0)
                                                             .presence(0, 5)
                                                             .build()));
  EXPECT_NE(
      text.find(
          R"(,"wire":{"wantlist_entries":[)"
          R"({"index":0,"entry":0,"priority":1,"want_type":1,"cancel":false,"send_dont_have":false},)"
          R"({"index":1,"entry":0,"priority":2,"want_type":0,"cancel":false,"send_dont_have":false},)"
          R"({"index":2,"entry":1,"priority":3,"want_type":-1,"cancel":false,"send_dont_have":false}],)"
          R"("blocks":[{"index":0,"block":0,"size":6},{"index":1,"block":0,"size":6}],)"
          R"("block_presences":[{"index":0,"presence":null,"cid":{"/":")" +
          std::string(kCid1) +
          R"("},"block_presence_type":0},{"index":1,"presence":0,"block_presence_type":5}]}}})"),
      std::string::npos)
      << text;
  EXPECT_EQ(encoder_.unknown_want_types(), 1U);
  EXPECT_EQ(encoder_.unknown_presence_types(), 1U);
}

TEST_F(EventEncoderTest, OnlyTheListsThatDiffer) {
  const auto text = encode(monitor::testing::received(0, MessageBuilder().presence(0, 5).build()));
  EXPECT_NE(text.find(R"("wire":{"block_presences":[{"index":0,"presence":0,)"), std::string::npos)
      << text;
}

TEST_F(EventEncoderTest, AConnectionOpens) {
  EXPECT_EQ(encode(monitor::testing::connected(0)),
            R"(,"connection_event":{"remote":"/ip4/127.0.0.1/tcp/33292","connection_event_type":0})"
            R"( ,"ext":{"seq":9,"conn":7,"direction":"inbound","transport":"tcp",)"
            R"("security":"noise","local":"/ip4/127.0.0.1/tcp/4001","relayed":false,)"
            R"("peer_connections":1}})");
}

TEST_F(EventEncoderTest, AConnectionCloses) {
  monitor::Disconnected fact{.connection = monitor::testing::connection(),
                             .at = at_ms(61'000),
                             .peer_connections = 0,
                             .closed_by = monitor::ClosedBy::local,
                             .close_code = 4096,
                             .reason = "shutdown",
                             .bytes_in = 10,
                             .bytes_out = 20,
                             .messages = 3,
                             .latency = std::chrono::nanoseconds(1'500'000)};
  EXPECT_EQ(
      encode(fact),
      R"(,"connection_event":{"remote":"/ip4/127.0.0.1/tcp/33292","connection_event_type":1})"
      R"( ,"ext":{"seq":9,"conn":7,"direction":"inbound","transport":"tcp",)"
      R"("security":"noise","local":"/ip4/127.0.0.1/tcp/4001","relayed":false,)"
      R"("peer_connections":0,"duration_ms":61000,"closed_by":"local","close_code":4096,)"
      R"("reason":"shutdown","bytes_in":10,"bytes_out":20,"messages":3,"latency_ns":1500000}})");
  fact.close_code.reset();
  fact.reason = {};
  EXPECT_NE(encode(fact).find(R"("closed_by":"local","bytes_in":10)"), std::string::npos);
}

TEST_F(EventEncoderTest, AnAnswerNamesTheRequests) {
  auto fact = monitor::testing::received(12, MessageBuilder().presence(0, 1).build());
  fact.answer_to = {3, 17};
  EXPECT_NE(encode(fact).find(R"("size":0,"answer_to":[3,17]}})"), std::string::npos);
}

TEST_F(EventEncoderTest, OmitsWhatTheHostDoesNotTell) {
  auto fact = monitor::testing::received(12);
  fact.stream.reset();
  fact.protocol.reset();
  EXPECT_EQ(encode(fact),
            R"(,"bitswap_message":{"wantlist_entries":[],"full_wantlist":false,"blocks":[],)"
            R"("block_presences":[],"connected_addresses":[]})"
            R"( ,"ext":{"seq":9,"conn":7,"conn_remote":"/ip4/127.0.0.1/tcp/33292",)"
            R"("message_index":0,"connection_age_ms":12,"size":0}})");
}

TEST_F(EventEncoderTest, WhatWeSentStandsAsThePeerGotIt) {
  const auto cid = multiformats::Cid::from_bytes(monitor::testing::raw_cid(0)).value();
  auto wantlist = std::make_shared<wire::OutgoingWantlist>();
  wantlist->entries = {{.cid = cid,
                        .priority = 2147483647,
                        .want_type = wire::WantType::have,
                        .send_dont_have = true}};
  monitor::BitswapSent fact{.connection = monitor::testing::connection(),
                            .at = at_ms(5),
                            .content = monitor::Asked{wantlist, 4},
                            .size = 55,
                            .protocol = wire::BitswapProtocol::v1_2_0};
  const std::string before =
      R"(,"bitswap_sent":{"cause":"probe","wantlist_entries":[{"Cid":{"/":")" + std::string(kCid0) +
      R"("},"Priority":2147483647,)";
  const std::string ext = R"( ,"ext":{"seq":9,"conn":7,"conn_remote":"/ip4/127.0.0.1/tcp/33292"}})";
  EXPECT_EQ(encode(fact),
            before +
                R"("WantType":1,"Cancel":false,"SendDontHave":true}],"full_wantlist":false,)"
                R"("request":4,"protocol":"/ipfs/bitswap/1.2.0","bytes":55})" +
                ext);
  fact.protocol = wire::BitswapProtocol::v1_1_0;
  EXPECT_EQ(encode(fact),
            before +
                R"("WantType":0,"Cancel":false,"SendDontHave":false}],"full_wantlist":false,)"
                R"("request":4,"protocol":"/ipfs/bitswap/1.1.0","bytes":55})" +
                ext);
}

TEST_F(EventEncoderTest, WhatWeServedNamesTheMessageThatWantedIt) {
  const auto cid = [](unsigned n) {
    return multiformats::Cid::from_bytes(monitor::testing::raw_cid(n)).value();
  };
  const monitor::BitswapSent fact{
      .connection = monitor::testing::connection(),
      .at = at_ms(5),
      .content = monitor::Served{.reply = {.blocks = {cid(0)}, .haves = {cid(0)}}, .reply_to = 3},
      .size = 155,
      .protocol = wire::BitswapProtocol::v1_2_0};
  const std::string link = R"({"/":")" + std::string(kCid0) + R"("})";
  EXPECT_EQ(
      encode(fact),
      R"(,"bitswap_sent":{"cause":"serve","blocks":[)" + link + R"(],"block_presences":[{"cid":)" +
          link +
          R"(,"block_presence_type":0}],"reply_to":3,"protocol":"/ipfs/bitswap/1.2.0",)"
          R"("bytes":155} ,"ext":{"seq":9,"conn":7,"conn_remote":"/ip4/127.0.0.1/tcp/33292"}})");
}

TEST_F(EventEncoderTest, APeerIdentifiesItself) {
  monitor::PeerIdentified fact;
  fact.connection = monitor::testing::connection();
  fact.agent_version = std::make_shared<const std::string>("helia");
  fact.protocol_version = "ipfs/0.1.0";
  fact.protocols = {"/ipfs/id/1.0.0", "/ipfs/bitswap/1.2.0"};
  fact.listen_addrs = {"/ip4/1.2.3.4/tcp/4001"};
  fact.observed_addr = "/ip4/5.6.7.8/tcp/1";
  fact.key_type = "ed25519";
  fact.record_sequence = 1'795'379'313'500'000'000;
  fact.record_valid = true;
  EXPECT_EQ(
      encode(fact),
      R"(,"identify_event":{"conn":7,"cause":"initial","agent_version":"helia",)"
      R"("protocol_version":"ipfs/0.1.0","protocols":["/ipfs/id/1.0.0","/ipfs/bitswap/1.2.0"],)"
      R"("listen_addrs":["/ip4/1.2.3.4/tcp/4001"],"key_type":"ed25519",)"
      R"("observed_addr":"/ip4/5.6.7.8/tcp/1","record_sequence":1795379313500000000,)"
      R"("record_valid":true} ,"ext":{"seq":9,"conn":7}})");
}

TEST_F(EventEncoderTest, APeerDoesNot) {
  monitor::PeerIdentified fact;
  fact.connection = monitor::testing::connection();
  fact.cause = monitor::IdentifyCause::failed;
  fact.error = "timed out";
  EXPECT_EQ(encode(fact), R"(,"identify_event":{"conn":7,"cause":"failed","error":"timed out"})"
                          R"( ,"ext":{"seq":9,"conn":7}})");
}

TEST_F(EventEncoderTest, NamesTheNodeWhereThereAreSeveral) {
  encoder_ = EventEncoder({.several_nodes = true});
  EXPECT_NE(encode(monitor::testing::connected(0)).find(R"("ext":{"seq":9,"node":0,"conn":7,)"),
            std::string::npos);
}

}  // namespace
}  // namespace mexport::exporter
