// SPDX-License-Identifier: MIT
#include "wire/bitswap.hpp"

#include "tests/unit/wire/hex.hpp"
#include "wire/bitswap_writer.hpp"
#include "wire/error.hpp"
#include "wire/length_delimited.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace mexport::wire {
namespace {

base::Result<BitswapMessage> decode(std::string_view hex) {
  const auto body = bytes(hex);
  return decode_bitswap_message(base::ByteView(body));
}

std::error_code refusal(std::string_view hex) {
  const auto message = decode(hex);
  return message ? std::error_code() : message.error();
}

std::string hex_of(const BitswapMessage& message, CidSlice cid) {
  return base::to_hex(message.cid(cid));
}

TEST(Bitswap, DecodesAWant) {
  const auto message = decode("0a2e 0a2c 0a24" + cid_hex(7) + "1001 2001 2801");
  ASSERT_TRUE(message);
  ASSERT_EQ(message->wantlist.size(), 1U);
  const auto& entry = message->wantlist[0];
  EXPECT_EQ(hex_of(*message, entry.cid), cid_hex(7));
  EXPECT_EQ(entry.priority, 1);
  EXPECT_EQ(entry.want_type, 1);
  EXPECT_TRUE(entry.send_dont_have);
  EXPECT_FALSE(entry.cancel);
  EXPECT_FALSE(message->full);
}

TEST(Bitswap, DecodesACancelAndAFullList) {
  const auto message = decode("0a2c 0a28 0a24" + cid_hex(1) + "1801 1001");
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->wantlist.at(0).cancel);
  EXPECT_TRUE(message->full);
}

TEST(Bitswap, DecodesPresencesAndPendingBytes) {
  const auto message =
      decode("2228 0a24" + cid_hex(1) + "1001 2226 0a24" + cid_hex(2) + "28ffffffffffffffffff01");
  ASSERT_TRUE(message);
  ASSERT_EQ(message->presences.size(), 2U);
  EXPECT_EQ(message->presences[0].type, 1);
  EXPECT_EQ(message->presences[1].type, 0);
  EXPECT_EQ(hex_of(*message, message->presences[1].cid), cid_hex(2));
  EXPECT_EQ(message->pending_bytes, -1);
}

TEST(Bitswap, NamesBlocksByTheirData) {
  // sha2-256 of nothing, as a legacy block and with a prefix.
  const auto message = decode("1200 1a08 0a0401551220 1200");
  ASSERT_TRUE(message);
  ASSERT_EQ(message->blocks.size(), 2U);
  const std::string digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  EXPECT_EQ(hex_of(*message, message->blocks[0].cid), "1220" + digest);
  EXPECT_EQ(hex_of(*message, message->blocks[1].cid), "01551220" + digest);
  EXPECT_EQ(message->blocks[0].size, 0U);
}

TEST(Bitswap, KeepsTheSizeOfABlock) {
  const auto message = decode("1a0e 0a0401550006 1206646174612d61");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->blocks.at(0).size, 6U);
  EXPECT_EQ(hex_of(*message, message->blocks[0].cid), "01550006646174612d61");
}

TEST(Bitswap, KeepsOrderAndRepetitions) {
  const std::string first = "0a26 0a24" + cid_hex(1);
  const std::string second = "0a26 0a24" + cid_hex(2);
  const auto message = decode("0a78" + first + second + first);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->wantlist.size(), 3U);
  EXPECT_EQ(hex_of(*message, message->wantlist[0].cid), cid_hex(1));
  EXPECT_EQ(hex_of(*message, message->wantlist[1].cid), cid_hex(2));
  EXPECT_EQ(hex_of(*message, message->wantlist[2].cid), cid_hex(1));
}

TEST(Bitswap, TheLastOfARepeatedFieldCounts) {
  const auto message = decode("0a52 0a50 0a24" + cid_hex(1) + "1001 0a24" + cid_hex(2) + "1002");
  ASSERT_TRUE(message);
  EXPECT_EQ(hex_of(*message, message->wantlist.at(0).cid), cid_hex(2));
  EXPECT_EQ(message->wantlist[0].priority, 2);
}

TEST(Bitswap, AnEmptyMessageIsOne) {
  const auto message = decode("");
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->wantlist.empty());
}

TEST(Bitswap, RefusesBadCidsAnywhere) {
  EXPECT_EQ(refusal("0a06 0a04 0a00 1001"), Error::bad_cid);
  EXPECT_EQ(refusal("0a04 0a02 1001"), Error::missing_cid);
  EXPECT_EQ(refusal("0a02 0a00"), Error::missing_cid);
  EXPECT_EQ(refusal("2200"), Error::missing_cid);
  EXPECT_EQ(refusal("2203 0a0109"), Error::bad_cid);
  EXPECT_EQ(refusal("0a2a 0a28 0a26" + cid_hex(1) + "0000"), Error::bad_cid) << "trailing bytes";
  EXPECT_EQ(refusal("0a52 0a50 0a02ffff 1001"), Error::bad_protobuf) << "cut short";
}

TEST(Bitswap, RefusesABadCidThatAGoodOneFollows) {
  EXPECT_EQ(refusal("0a2a 0a28 0a00 0a24" + cid_hex(1)), Error::bad_cid);
}

TEST(Bitswap, RefusesBadBlockPrefixes) {
  EXPECT_EQ(refusal("1a0a 0a00 1206646174612d61"), Error::bad_block_prefix) << "empty";
  EXPECT_EQ(refusal("1a08 1206646174612d61"), Error::bad_block_prefix) << "absent";
  EXPECT_EQ(refusal("1a0c 0a020155 1206646174612d61"), Error::bad_block_prefix) << "short";
  EXPECT_EQ(refusal("1a0e 0a0402551220 1206646174612d61"), Error::bad_block_prefix) << "v2";
  EXPECT_EQ(refusal("1a11 0a0701558180c00120 1206646174612d61"), Error::unknown_block_hash);
  EXPECT_EQ(refusal("1a0e 0a0401551228 1206646174612d61"), Error::bad_block_length);
}

TEST(Bitswap, RefusesABrokenProtobuf) {
  EXPECT_EQ(refusal("ffffff"), Error::bad_protobuf);
  EXPECT_EQ(refusal("0a1001"), Error::bad_protobuf);
  EXPECT_EQ(refusal("0805"), Error::wrong_wire_type);
  EXPECT_EQ(refusal("2a00"), Error::wrong_wire_type);
  EXPECT_EQ(refusal("0a02 1200"), Error::wrong_wire_type) << "within the wantlist";
}

TEST(Bitswap, RecordsAHundredThousandEntries) {
  constexpr std::uint32_t kEntries = 100'000;
  BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
  base::Bytes cid = bytes(cid_hex(0));
  for (std::uint32_t i = 0; i < kEntries; ++i) {
    for (unsigned b = 0; b < 4; ++b) cid[4 + b] = static_cast<std::uint8_t>(i >> (8 * b));
    writer.add_entry({.cid = cid, .priority = 1});
  }
  const auto frame = writer.frame();
  const base::ByteView body = base::ByteView(frame).last(writer.body_size());
  ASSERT_LE(body.size(), kMaxBitswapMessageSize + (1 << 20));
  const auto message = decode_bitswap_message(body);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->wantlist.size(), kEntries);
  EXPECT_EQ(hex_of(*message, message->wantlist.back().cid), base::to_hex(cid));
  EXPECT_LE(message->memory_size(), 2 * body.size());
}

/// A message with its CIDs in hex, one line for each item.
std::string text_of(const base::Result<BitswapMessage>& message) {
  if (!message) return message.error().message();
  std::string out = std::to_string(message->pending_bytes) + (message->full ? " full" : "");
  for (const auto& entry : message->wantlist) {
    out += "\nentry " + hex_of(*message, entry.cid) + ' ' + std::to_string(entry.priority) +
           (entry.cancel ? " cancel" : "") + (entry.send_dont_have ? " answer" : "");
  }
  for (const auto& block : message->blocks) out += "\nblock " + hex_of(*message, block.cid);
  for (const auto& presence : message->presences) {
    out += "\npresence " + hex_of(*message, presence.cid) + ' ' + std::to_string(presence.type);
  }
  return out;
}

TEST(Bitswap, SaysTheSameWithABodyThatIsGivenAway) {
  const auto cid = cid_hex(0x11);
  const auto entry = "0a2c 0a2a 0a24" + cid + "1001 2801";
  for (const auto& hex :
       {entry, entry + entry + "2205 0a0300000a", entry + "2228 0a24" + cid + "1001",
        entry + "1203 616263", entry + "0a02 0805", entry + "3a05 6162636465", std::string("2805"),
        std::string()}) {
    const auto expected = text_of(decode(hex));
    EXPECT_EQ(text_of(decode_bitswap_message(bytes(hex))), expected) << hex;
  }
}

TEST(Bitswap, KeepsABodyOfCidsAndNoOther) {
  const auto entry = "0a28 0a26 0a24" + cid_hex(0x11);
  auto body = bytes(entry);
  const auto* const data = body.data();
  const auto kept = decode_bitswap_message(std::move(body));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->cids.data(), data);

  auto with_block = decode_bitswap_message(bytes(entry + "1203 616263"));
  ASSERT_TRUE(with_block);
  EXPECT_EQ(with_block->cids.size(), 36U + 34U);

  auto with_ballast = bytes(entry + "3a80 08");
  with_ballast.resize(with_ballast.size() + 1024);
  const auto small = decode_bitswap_message(std::move(with_ballast));
  ASSERT_TRUE(small);
  EXPECT_EQ(small->cids.size(), 36U);
}

TEST(Bitswap, ManySmallWantlistsCostLinearTime) {
  // Each list holds one entry with the shortest of CIDs: identity without a digest.
  const auto list = bytes("0a08 0a06 0a0401550000");
  base::Bytes body;
  while (body.size() + list.size() <= kMaxBitswapMessageSize) base::append(body, list);
  const auto message = decode_bitswap_message(body);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->wantlist.size(), body.size() / list.size());
  EXPECT_LE(message->memory_size(), 8 * body.size());
}

TEST(Bitswap, LimitsTheNumberOfBlocks) {
  base::Bytes body;
  for (std::size_t i = 0; i < kMaxBlocksPerMessage; ++i) base::append(body, bytes("1200"));
  ASSERT_TRUE(decode_bitswap_message(body));
  base::append(body, bytes("1200"));
  const auto message = decode_bitswap_message(body);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error(), Error::too_many_blocks);
}

TEST(Bitswap, EmptyEntriesReserveNothing) {
  base::Bytes list;
  for (int i = 0; i < 1000; ++i) base::append(list, bytes("0a00"));
  base::Bytes body{0x0a};
  append_length_delimited(body, list);
  const auto message = decode_bitswap_message(body);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error(), Error::missing_cid);
}

TEST(Bitswap, KnowsTheFourProtocols) {
  for (const char* id :
       {"/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0", "/ipfs/bitswap/1.0.0", "/ipfs/bitswap"}) {
    const auto protocol = parse_bitswap_protocol(id);
    ASSERT_TRUE(protocol) << id;
    EXPECT_EQ(to_string(*protocol), id);
  }
  EXPECT_EQ(parse_bitswap_protocol("/ipfs/bitswap/"), std::nullopt);
}

}  // namespace
}  // namespace mexport::wire
