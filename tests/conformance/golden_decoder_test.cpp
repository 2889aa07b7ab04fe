// SPDX-License-Identifier: MIT
// The recorded cases of tests/vectors/golden/bitswap-cases.jsonl against reader and decoder: which
// messages are refused, and what the others hold. Merging repeated CIDs is the monitor's part, so
// here lists are compared as sets of CIDs, and entries only where a CID stands once.
#include "base/bytes.hpp"
#include "multiformats/cid.hpp"
#include "wire/bitswap.hpp"
#include "wire/error.hpp"
#include "wire/length_delimited.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mexport::wire {
namespace {

namespace json = boost::json;

struct Case {
  std::string name;
  base::Bytes stream;                ///< its messages, each behind its length
  std::vector<json::object> events;  ///< their `bitswap_message`
  bool cut = false;                  ///< too long to stand in the file whole
};

bool is_cut(const std::string& text) {
  return text.find("\u2026") != std::string::npos;
}

base::Bytes from_hex(const json::value& hex) {
  base::Bytes out;
  EXPECT_TRUE(base::from_hex(std::string(hex.as_string()), out));
  return out;
}

/// False when one is cut.
bool append_messages(const json::array& messages, base::Bytes& stream) {
  for (const auto& hex : messages) {
    if (is_cut(std::string(hex.as_string()))) return false;
    append_length_delimited(stream, from_hex(hex));
  }
  return true;
}

Case parse_case(const std::string& line) {
  const json::object object = json::parse(line).as_object();
  Case out;
  out.name = object.at("case").as_string().c_str();
  if (object.contains("raw_hex")) {
    out.stream = from_hex(object.at("raw_hex"));
  } else {
    out.cut = !append_messages(object.at("messages_hex").as_array(), out.stream);
    if (out.cut) return out;
  }
  const json::value& events = object.at("bitswap_events");
  if (events.is_null()) return out;
  for (const auto& value : events.as_array()) {
    const json::object event = json::parse(value.as_string()).as_object();
    out.events.push_back(event.at("bitswap_message").as_object());
  }
  return out;
}

std::vector<Case> load_cases() {
  std::vector<Case> out;
  std::ifstream in(MEXPORT_VECTORS "/golden/bitswap-cases.jsonl");
  for (std::string line; std::getline(in, line);) out.push_back(parse_case(line));
  EXPECT_EQ(out.size(), 94U);
  return out;
}

/// Reads the stream in pieces of `piece` bytes; ends at the first refusal, as the stream would.
std::vector<BitswapMessage> receive(const base::Bytes& stream, std::size_t piece) {
  std::vector<BitswapMessage> out;
  LengthDelimitedReader reader(kMaxBitswapMessageSize);
  base::ByteView rest(stream);
  while (!rest.empty()) {
    const auto part = rest.first(std::min(piece, rest.size()));
    rest = rest.subspan(part.size());
    const auto status = reader.feed(part, [&](base::ByteView body) -> base::Status {
      auto message = decode_bitswap_message(body);
      if (!message) return base::fail(message.error());
      out.push_back(std::move(*message));
      return {};
    });
    if (!status) break;
  }
  return out;
}

std::string text(const BitswapMessage& message, CidSlice cid) {
  std::string out;
  multiformats::append_cid_text(message.cid(cid), out);
  return out;
}

std::string text(const json::value& cid) {
  return cid.as_object().at("/").as_string().c_str();
}

void expect_wantlist(const BitswapMessage& message, const json::array& expected) {
  std::multimap<std::string, WantlistEntry> decoded;
  for (const auto& entry : message.wantlist) decoded.emplace(text(message, entry.cid), entry);
  std::set<std::string> cids;
  for (const auto& [cid, entry] : decoded) cids.insert(cid);
  ASSERT_EQ(cids.size(), expected.size());
  for (const auto& value : expected) {
    const json::object& event = value.as_object();
    const auto [first, last] = decoded.equal_range(text(event.at("Cid")));
    ASSERT_NE(first, last);
    if (std::next(first) != last) continue;
    EXPECT_EQ(first->second.priority, event.at("Priority").as_int64());
    EXPECT_EQ(first->second.want_type, event.at("WantType").as_int64());
    EXPECT_EQ(first->second.cancel, event.at("Cancel").as_bool());
    EXPECT_EQ(first->second.send_dont_have, event.at("SendDontHave").as_bool());
  }
}

std::set<std::string> block_cids(const BitswapMessage& message) {
  std::set<std::string> out;
  for (const auto& block : message.blocks) out.insert(text(message, block.cid));
  return out;
}

void expect_blocks(const BitswapMessage& message, const json::array& expected) {
  std::set<std::string> cids;
  for (const auto& value : expected) cids.insert(text(value));
  EXPECT_EQ(block_cids(message), cids);
}

/// The last presence of a CID counts, unless the block itself came along; unknown types are 1.
void expect_presences(const BitswapMessage& message, const json::array& expected) {
  const auto blocks = block_cids(message);
  std::map<std::string, std::int64_t> decoded;
  for (const auto& presence : message.presences) {
    const auto cid = text(message, presence.cid);
    if (!blocks.contains(cid)) decoded[cid] = presence.type == 0 ? 0 : 1;
  }
  std::map<std::string, std::int64_t> recorded;
  for (const auto& value : expected) {
    const json::object& event = value.as_object();
    recorded[text(event.at("cid"))] = event.at("block_presence_type").as_int64();
  }
  EXPECT_EQ(decoded, recorded);
}

void expect_event(const BitswapMessage& message, const json::object& event) {
  EXPECT_EQ(message.full, event.at("full_wantlist").as_bool());
  expect_wantlist(message, event.at("wantlist_entries").as_array());
  expect_blocks(message, event.at("blocks").as_array());
  expect_presences(message, event.at("block_presences").as_array());
}

void expect_case(const Case& recorded, std::size_t piece) {
  const auto messages = receive(recorded.stream, piece);
  ASSERT_EQ(messages.size(), recorded.events.size()) << "events, not refused messages";
  for (std::size_t i = 0; i < messages.size(); ++i) expect_event(messages[i], recorded.events[i]);
}

TEST(GoldenDecoder, EachCaseGivesTheRecordedEvents) {
  std::size_t compared = 0;
  for (const auto& recorded : load_cases()) {
    if (recorded.cut) continue;
    SCOPED_TRACE(recorded.name);
    expect_case(recorded, 1 << 20);
    expect_case(recorded, 1);
    ++compared;
  }
  EXPECT_EQ(compared, 91U);
}

/// The two cases at the limit, whose hex the file cuts: one block of zeros.
base::Bytes block_stream(std::size_t data_size, const char* head) {
  base::Bytes message;
  EXPECT_TRUE(base::from_hex(head, message));
  message.resize(message.size() + data_size);
  base::Bytes out;
  append_length_delimited(out, message);
  return out;
}

TEST(GoldenDecoder, ExactlyFourMebibytesAreAccepted) {
  const auto stream = block_stream(0x3ffff0, "1afbffff010a040155122012f0ffff01");
  const auto received = receive(stream, 65'536);
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(text(received[0], received[0].blocks.at(0).cid),
            "bafkreid62qcuqfufgixqee6it66v4kxcc7k3ma4ptwq33rgwe6fcoxxnda");
}

TEST(GoldenDecoder, OneByteMoreIsRefused) {
  const auto stream = block_stream(0x3ffff1, "1afcffff010a040155122012f1ffff01");
  EXPECT_TRUE(receive(stream, 65'536).empty());
}

}  // namespace
}  // namespace mexport::wire
