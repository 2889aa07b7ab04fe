// SPDX-License-Identifier: MIT
#include "compare/event.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::compare {
namespace {

constexpr std::string_view kWant =
    R"({"Cid":{"/":"bafk1"},"Priority":7,"WantType":1,"Cancel":false,"SendDontHave":true})";
constexpr std::string_view kCancel =
    R"({"Cid":{"/":"bafk2"},"Priority":0,"WantType":0,"Cancel":true,"SendDontHave":false})";

std::string message(std::string_view entries,
                    std::string_view more = R"("blocks":[],"block_presences":[])",
                    std::string_view rest = "", std::string_view peer = "p") {
  return R"({"timestamp":"2026-11-22T20:00:00.5Z","peer":")" + std::string(peer) +
         R"(","bitswap_message":{"wantlist_entries":[)" + std::string(entries) +
         R"(],"full_wantlist":false,)" + std::string(more) + R"(,"connected_addresses":[]})" +
         std::string(rest) + "}";
}

Event parsed(const std::string& text) {
  Event event;
  EXPECT_TRUE(parse_event(text, event)) << text;
  event.peer = event.agent = {};  // views into what has gone
  return event;
}

std::string both(std::string_view a, std::string_view b) {
  return std::string(a) + "," + std::string(b);
}

TEST(CompareEvent, ListsAreSets) {
  const auto one = parsed(message(both(kWant, kCancel)));
  EXPECT_EQ(one.kind, EventKind::message);
  EXPECT_EQ(one.time, 1795377600'500'000'000);
  EXPECT_EQ(one.key, parsed(message(both(kCancel, kWant))).key);
  EXPECT_NE(one.key, parsed(message(kWant)).key);
  EXPECT_NE(one.key, parsed(message(both(both(kWant, kWant), kCancel))).key);
}

TEST(CompareEvent, EverythingThatIsSaidCounts) {
  const auto key = parsed(message(kWant)).key;
  const std::string want(kWant);
  const auto with = [&](std::string_view from, std::string_view to) {
    auto changed = want;
    changed.replace(changed.find(from), from.size(), to);
    return parsed(message(changed)).key;
  };
  EXPECT_NE(key, with("bafk1", "bafk9"));
  EXPECT_NE(key, with("7", "-7"));
  EXPECT_NE(key, with(R"("WantType":1)", R"("WantType":0)"));
  EXPECT_NE(key, with(R"("Cancel":false)", R"("Cancel":true)"));
  EXPECT_NE(key, with(R"("SendDontHave":true)", R"("SendDontHave":false)"));
  EXPECT_NE(key, parsed(message(kWant, R"("blocks":[{"/":"b"}],"block_presences":[])")).key);
  EXPECT_NE(key, parsed(message(kWant, R"("blocks":[],"block_presences":[])", "", "q")).key);
  auto full = message(kWant);
  full.replace(full.find(R"(wantlist":false)"), 15, R"(wantlist":true)");
  EXPECT_NE(key, parsed(full).key);
}

TEST(CompareEvent, WhatOnlyOneFormHasDoesNotCount) {
  const auto key = parsed(message(kWant)).key;
  const auto ext = parsed(message(kWant, R"("blocks":[],"block_presences":[])",
                                  R"(,"ext":{"seq":4,"conn_remote":"/ip4/1.2.3.4/tcp/5"})"));
  EXPECT_EQ(ext.key, key);
  EXPECT_EQ(ext.transport, Transport::tcp);
  const auto logged = parsed(message(
      R"({"priority":7,"cancel":false,"send_dont_have":true,"cid":{"/":"bafk1"},"want_type":1})"));
  EXPECT_EQ(logged.key, key);
  EXPECT_EQ(logged.spelling, Spelling::snake_case);
}

TEST(CompareEvent, TellsWhatIsSaidOfEachCid) {
  const auto event = parsed(message(
      both(kWant, kCancel),
      R"("blocks":[{"/":"b"}],"block_presences":[{"cid":{"/":"h"},"block_presence_type":0},)"
      R"({"cid":{"/":"d"},"block_presence_type":1}])"));
  std::vector<Said> said;
  for (const auto& mention : event.mentions) said.push_back(mention.said);
  EXPECT_EQ(said,
            (std::vector{Said::want, Said::cancel, Said::block, Said::have, Said::dont_have}));
  EXPECT_EQ(event.mentions[0].cid, key_of("bafk1"));
}

TEST(CompareEvent, AConnectionIsKnownByPeerAndWhatHappened) {
  const auto connection = [](std::string_view remote, int type) {
    return parsed(
        R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","connection_event":{"remote":")" +
        std::string(remote) + R"(","connection_event_type":)" + std::to_string(type) + "}}");
  };
  const auto opened = connection("/ip4/1.2.3.4/udp/1/quic-v1", 0);
  EXPECT_EQ(opened.kind, EventKind::connected);
  EXPECT_EQ(opened.transport, Transport::quic);
  EXPECT_EQ(opened.key, connection("/ip4/1.2.3.4/tcp/9", 0).key);
  const auto closed = connection("/ip4/1.2.3.4/tcp/9", 1);
  EXPECT_EQ(closed.kind, EventKind::disconnected);
  EXPECT_NE(opened.key, closed.key);
}

TEST(CompareEvent, TheAgentComesFromIdentifyAndFromMessages) {
  Event event;
  ASSERT_TRUE(parse_event(
      R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","identify_event":{"agent_version":"k"}})",
      event));
  EXPECT_EQ(event.kind, EventKind::identified);
  EXPECT_EQ(event.agent, "k");
  const auto text = message(kWant, R"("blocks":[])", R"(,"ext":{"agent_version":"m"})");
  ASSERT_TRUE(parse_event(text, event));
  EXPECT_EQ(event.agent, "m");
}

TEST(CompareEvent, AGapTellsOfLossesUnlessTheyAreAnotherSinks) {
  Event event;
  const std::string gap =
      R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","gap":{"kind":"bitswap_message","count":5},)";
  ASSERT_TRUE(parse_event(gap + R"("ext":{"seq":1}})", event));
  EXPECT_EQ(event.kind, EventKind::gap);
  EXPECT_EQ(event.lost, 5);
  ASSERT_TRUE(parse_event(gap + R"("ext":{"seq":1,"sink":"amqp"}})", event));
  EXPECT_EQ(event.kind, EventKind::other);
  EXPECT_EQ(event.lost, 0);
}

TEST(CompareEvent, RefusesWhatIsNoEvent) {
  Event event;
  for (
      const auto* text :
      {"", "{}", "[]", "null", R"({"timestamp":"now","peer":"p","bitswap_message":{}})",
       R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","connection_event":{}})",
       R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","connection_event":{"connection_event_type":2}})"}) {
    EXPECT_FALSE(parse_event(text, event)) << text;
  }
  for (const auto* entry :
       {"{}", "1", R"({"Cid":"bafk"})", R"({"Cid":{"/":""}})",
        R"({"Cid":{"/":"b"},"Priority":"high"})", R"({"Cid":{"/":"b"},"Cancel":1})"}) {
    EXPECT_FALSE(parse_event(message(entry), event)) << entry;
  }
  EXPECT_FALSE(
      parse_event(message(kWant, R"("blocks":[],"block_presences":[{"cid":{"/":"b"}}])"), event));
  EXPECT_FALSE(parse_event(message(kWant, R"("blocks":{},"block_presences":[])"), event));
}

TEST(CompareEvent, TransportsOfAddresses) {
  EXPECT_EQ(transport_of("/ip4/1.2.3.4/tcp/4001"), Transport::tcp);
  EXPECT_EQ(transport_of("/ip4/1.2.3.4/tcp/4001/ws"), Transport::websocket);
  EXPECT_EQ(transport_of("/dns4/ws.example/tcp/443/tls/ws"), Transport::websocket);
  EXPECT_EQ(transport_of("/ip4/1.2.3.4/udp/4001/quic-v1/webtransport/certhash/u"),
            Transport::webtransport);
  EXPECT_EQ(transport_of("/ip4/1.2.3.4/udp/4001/webrtc-direct/certhash/u"), Transport::webrtc);
  EXPECT_EQ(transport_of("/ip4/1.2.3.4/udp/4001/quic"), Transport::quic);
  EXPECT_EQ(transport_of("/ip4/1.2.3.4/tcp/1/p2p/12D/p2p-circuit"), Transport::relay);
  EXPECT_EQ(transport_of("/dns/tcpip/udp/1"), Transport::unknown);
  EXPECT_EQ(transport_of(""), Transport::unknown);
}

}  // namespace
}  // namespace mexport::compare
