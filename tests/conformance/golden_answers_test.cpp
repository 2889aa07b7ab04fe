// SPDX-License-Identifier: MIT
// The recorded cases of tests/vectors/golden/bitswap-cases.jsonl against receiver, ledger and
// answers: what the reference sent back, and which streams it reset. Differs on purpose: a want for
// an identity CID ended the connection there (case cid-identity) and is ignored here.
#include "base/bytes.hpp"
#include "ipfs/bitswap/protocols.hpp"
#include "ipfs/bitswap/service.hpp"
#include "tests/unit/ipfs/fake_connection.hpp"
#include "tests/unit/ipfs/fixture.hpp"
#include "wire/length_delimited.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace mexport::ipfs {
namespace {

namespace json = boost::json;

struct Case {
  std::string name;
  std::string protocol;
  base::Bytes stream;
  std::vector<std::string> answers;  ///< hex of what came on each stream
  bool reset = false;
  bool closed = false;  ///< by the driver, then by the reference
  bool cut = false;     ///< too long to stand in the file whole
};

std::string text(const json::value& value) {
  return value.as_string().c_str();
}

Case parse_case(const std::string& line) {
  const json::object object = json::parse(line).as_object();
  Case out{.name = text(object.at("case")),
           .protocol = text(object.at("protocol")),
           .stream = {},
           .answers = {},
           .reset = object.at("stream").as_string() == "reset",
           .closed = object.at("stream").as_string() == "closed by the reference"};
  if (!object.at("messages_hex").is_array()) {
    out.stream = wire::bytes(text(object.at("raw_hex")));
    return out;
  }
  for (const auto& hex : object.at("messages_hex").as_array()) {
    out.cut = text(hex).find("\u2026") != std::string::npos;
    if (out.cut) return out;
    wire::append_length_delimited(out.stream, wire::bytes(text(hex)));
  }
  for (const auto& hex : object.at("answer_hex").as_array()) out.answers.push_back(text(hex));
  return out;
}

std::set<std::string> presences_in(const base::Bytes& stream) {
  std::set<std::string> out;
  for (const auto& message : messages_in(stream)) {
    EXPECT_TRUE(message.wantlist.empty());
    for (const auto& presence : message.presences) {
      out.insert(base::to_hex(message.cid(presence.cid)) + " " + std::to_string(presence.type));
    }
  }
  return out;
}

struct Silent final : BitswapEvents {
  void on_bitswap_message(libp2p::Connection&, wire::BitswapMessage&&,
                          const BitswapMessageInfo&) override {}
};

/// The reference answers in the random order of a map: an answer of several presences is compared
/// as a set, one of a single presence byte for byte.
void expect_answers(const Case& recorded, FakeOpener& opener) {
  ASSERT_EQ(opener.streams.size(), recorded.answers.size());
  for (std::size_t i = 0; i < recorded.answers.size(); ++i) {
    opener.streams[i]->agree(kPresenceProtocols[0]);
    const base::Bytes& written = opener.streams[i]->stream.written;
    const base::Bytes expected = wire::bytes(recorded.answers[i]);
    EXPECT_EQ(presences_in(written), presences_in(expected));
    EXPECT_EQ(written.size(), expected.size());
    if (presences_in(expected).size() == 1) {
      EXPECT_EQ(written, expected);
    }
  }
}

void expect_case(const Case& recorded) {
  TestRuntime runtime;
  Silent events;
  BitswapService service(runtime, events);
  libp2p::ProtocolTable protocols;
  service.register_protocols(protocols);
  FakeConnection connection;
  InboundStream stream(connection);
  stream.set_handler((*protocols.find(recorded.protocol))(stream, recorded.protocol));
  stream.peer_sends(recorded.stream);
  if (recorded.closed) stream.peer_closes();
  runtime.advance(std::chrono::milliseconds(100));
  const bool differs_on_purpose = recorded.name == "cid-identity";
  EXPECT_EQ(stream.reset_code.has_value(), recorded.reset && !differs_on_purpose);
  EXPECT_EQ(stream.write_closed, recorded.closed);
  EXPECT_FALSE(connection.closed);
  expect_answers(recorded, connection.opener);
}

TEST(GoldenAnswers, EachCaseGetsTheRecordedAnswer) {
  std::ifstream in(MEXPORT_VECTORS "/golden/bitswap-cases.jsonl");
  std::size_t compared = 0;
  std::size_t answered = 0;
  for (std::string line; std::getline(in, line);) {
    const Case recorded = parse_case(line);
    if (recorded.cut) continue;
    SCOPED_TRACE(recorded.name);
    expect_case(recorded);
    ++compared;
    answered += recorded.answers.empty() ? 0 : 1;
  }
  EXPECT_EQ(compared, 91U);
  EXPECT_GE(answered, 8U);
}

}  // namespace
}  // namespace mexport::ipfs
