// SPDX-License-Identifier: MIT
// The recorded cases of tests/vectors/golden/bitswap-cases.jsonl through decoder, merger and
// encoder: the text must be the reference's event. Its lists are in random order, so they are
// sorted by CID where they have several items; where they don't, every byte must be the same.
#include "base/bytes.hpp"
#include "export/event_encoder.hpp"
#include "export/trace_line.hpp"
#include "multiformats/peer_id.hpp"
#include "wire/bitswap.hpp"
#include "wire/length_delimited.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

namespace json = boost::json;

struct Case {
  std::string name;
  std::string peer;
  std::vector<base::Bytes> messages;
  std::vector<std::string> bitswap_events;
  std::vector<std::string> connection_events;
};

std::vector<std::string> texts(const json::value& list) {
  std::vector<std::string> out;
  if (list.is_null()) return out;
  for (const auto& value : list.as_array()) out.emplace_back(value.as_string());
  return out;
}

/// The cases whose messages stand in the file whole.
std::vector<Case> load_cases() {
  std::vector<Case> cases;
  std::ifstream in(MEXPORT_VECTORS "/golden/bitswap-cases.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto object = json::parse(line).as_object();
    Case out{.name = std::string(object.at("case").as_string()),
             .peer = std::string(object.at("peer").as_string()),
             .messages = {},
             .bitswap_events = texts(object.at("bitswap_events")),
             .connection_events = texts(object.at("connection_events"))};
    bool whole = true;
    for (const auto& hex : texts(object.at("messages_hex"))) {
      base::Bytes bytes;
      whole = whole && base::from_hex(hex, bytes);
      out.messages.push_back(std::move(bytes));
    }
    if (whole) cases.push_back(std::move(out));
  }
  return cases;
}

base::WallTime timestamp_of(const json::object& event) {
  const auto nanoseconds = parse_timestamp(event.at("timestamp").as_string());
  EXPECT_TRUE(nanoseconds);
  return base::WallTime(std::chrono::nanoseconds(nanoseconds.value_or(0)));
}

std::shared_ptr<monitor::ConnectionFacts> connection_of(const Case& golden) {
  auto facts = std::make_shared<monitor::ConnectionFacts>();
  const auto peer = multiformats::PeerId::from_string(golden.peer);
  EXPECT_TRUE(peer);
  if (peer) facts->peer = *peer;
  facts->peer_text = facts->peer.to_string();
  return facts;
}

std::string encode(const monitor::Fact& fact, base::WallTime timestamp) {
  EventEncoder encoder({});
  std::string line;
  const auto size = encoder.encode(fact, timestamp, 1, line);
  return line.substr(0, size) + "}";
}

/// The CID of an item of any of the lists.
std::string cid_of(const json::value& item) {
  const auto& object = item.as_object();
  for (const auto* key : {"Cid", "cid"}) {
    if (const auto* cid = object.if_contains(key)) return cid_of(*cid);
  }
  return std::string(object.at("/").as_string());
}

/// The same event with its lists in one order; the second tells whether that was needed.
std::pair<std::string, bool> sorted(const std::string& event) {
  auto value = json::parse(event);
  bool several = false;
  auto& message = value.as_object().at("bitswap_message").as_object();
  for (const auto* key : {"wantlist_entries", "blocks", "block_presences"}) {
    auto& list = message.at(key).as_array();
    several = several || list.size() > 1;
    std::sort(list.begin(), list.end(),
              [](const json::value& a, const json::value& b) { return cid_of(a) < cid_of(b); });
  }
  return {json::serialize(value), several};
}

/// What differs on purpose: want types that end a consumer are 0 (the raw value stands in
/// ext.wire).
void apply_known_difference(const std::string& name, std::string& event) {
  std::string_view raw;
  if (name == "want-type-2") raw = R"("WantType":2)";
  if (name == "want-type-minus-1") raw = R"("WantType":-1)";
  if (raw.empty()) return;
  const auto at = event.find(raw);
  ASSERT_NE(at, std::string::npos);
  event.replace(at, raw.size(), R"("WantType":0)");
}

/// The events that our side makes of the case's messages; a refused message ends the stream.
std::vector<std::string> encode_messages(const Case& golden) {
  std::vector<std::string> out;
  for (const auto& bytes : golden.messages) {
    auto message = wire::decode_bitswap_message(bytes);
    if (!message || out.size() == golden.bitswap_events.size()) break;
    const auto expected = json::parse(golden.bitswap_events[out.size()]).as_object();
    auto addresses = std::make_shared<monitor::AddressList>();
    const auto& recorded = expected.at("bitswap_message").as_object().at("connected_addresses");
    for (const auto& address : texts(recorded)) addresses->push_back(address);
    out.push_back(
        encode(monitor::BitswapMessageReceived{.connection = connection_of(golden),
                                               .received_at = {},
                                               .message = std::move(*message),
                                               .connected_addresses = std::move(addresses),
                                               .agent_version = nullptr},
               timestamp_of(expected)));
  }
  return out;
}

TEST(GoldenEvents, BitswapMessages) {
  std::size_t compared = 0;
  std::size_t exact = 0;
  for (auto golden : load_cases()) {
    SCOPED_TRACE(golden.name);
    const auto events = encode_messages(golden);
    ASSERT_EQ(events.size(), golden.bitswap_events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      auto& expected = golden.bitswap_events[i];
      apply_known_difference(golden.name, expected);
      const auto [text, several] = sorted(expected);
      EXPECT_EQ(sorted(events[i]).first, text);
      ++compared;
      if (several) continue;
      EXPECT_EQ(events[i], expected);
      ++exact;
    }
  }
  EXPECT_GE(compared, 65U);
  EXPECT_GE(exact, 50U);
}

TEST(GoldenEvents, ConnectionEvents) {
  std::size_t compared = 0;
  for (const auto& golden : load_cases()) {
    SCOPED_TRACE(golden.name);
    for (const auto& expected : golden.connection_events) {
      const auto event = json::parse(expected).as_object();
      const auto& body = event.at("connection_event").as_object();
      auto connection = connection_of(golden);
      connection->remote = body.at("remote").as_string().c_str();
      monitor::Connected connected;
      connected.connection = connection;
      monitor::Disconnected disconnected;
      disconnected.connection = connection;
      monitor::Fact fact = connected;
      if (body.at("connection_event_type").as_int64() == 1) fact = disconnected;
      EXPECT_EQ(encode(fact, timestamp_of(event)), expected);
      ++compared;
    }
  }
  EXPECT_GE(compared, 170U);
}

}  // namespace
}  // namespace mexport::exporter
