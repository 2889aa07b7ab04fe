// SPDX-License-Identifier: MIT
#include "wire/bitswap_writer.hpp"

#include "tests/unit/wire/hex.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mexport::wire {
namespace {

const auto kCid = bytes(cid_hex(7));

TEST(BitswapWriter, WritesAWantAsGoDoes) {
  BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
  writer.add_entry(
      {.cid = kCid, .priority = 1, .want_type = WantType::have, .send_dont_have = true});
  EXPECT_EQ(base::to_hex(writer.frame()), "300a2e0a2c0a24" + cid_hex(7) + "100120012801");
}

TEST(BitswapWriter, WritesACancelAsGoDoes) {
  BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
  writer.add_entry({.cid = kCid, .cancel = true});
  EXPECT_EQ(base::to_hex(writer.frame()), "2c0a2a0a280a24" + cid_hex(7) + "1801");
}

TEST(BitswapWriter, WritesAnEmptyWantlistBeforePresences) {
  BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
  writer.add_presence(kCid, BlockPresence::dont_have);
  EXPECT_EQ(base::to_hex(writer.frame()), "2c0a0022280a24" + cid_hex(7) + "1001");
  BitswapMessageWriter have(BitswapProtocol::v1_1_0);
  have.add_presence(kCid, BlockPresence::have);
  EXPECT_EQ(base::to_hex(have.frame()), "2a0a0022260a24" + cid_hex(7));
}

TEST(BitswapWriter, LeavesOutWhatOlderProtocolsDoNotKnow) {
  const OutgoingEntry want{
      .cid = kCid, .priority = 1, .want_type = WantType::have, .send_dont_have = true};
  BitswapMessageWriter older(BitswapProtocol::v1_1_0);
  older.add_entry(want);
  EXPECT_EQ(base::to_hex(older.frame()), "2c0a2a0a280a24" + cid_hex(7) + "1001");
  BitswapMessageWriter oldest(BitswapProtocol::v1_0_0);
  oldest.add_presence(kCid, BlockPresence::dont_have);
  EXPECT_EQ(base::to_hex(oldest.frame()), "020a00");
}

TEST(BitswapWriter, WritesBlocksAsTheProtocolHasThem) {
  const auto prefix = bytes("01551220");
  const auto data = bytes("646174612d61");
  BitswapMessageWriter current(BitswapProtocol::v1_1_0);
  current.add_block({.prefix = prefix, .data = data});
  EXPECT_EQ(base::to_hex(current.frame()), "120a001a0e0a04015512201206646174612d61");
  BitswapMessageWriter oldest(BitswapProtocol::unversioned);
  oldest.add_block({.prefix = prefix, .data = data});
  EXPECT_EQ(base::to_hex(oldest.frame()), "0a0a001206646174612d61");
}

TEST(BitswapWriter, WhatItWritesIsReadBack) {
  BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
  writer.set_full(true);
  writer.set_pending_bytes(-5);
  writer.add_entry({.cid = kCid, .priority = std::numeric_limits<std::int32_t>::min()});
  writer.add_presence(kCid, BlockPresence::dont_have);
  writer.add_block({.prefix = bytes("01551220"), .data = kCid});
  const auto frame = writer.frame();
  const auto message = decode_bitswap_message(base::ByteView(frame).last(writer.body_size()));
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->full);
  EXPECT_EQ(message->pending_bytes, -5);
  EXPECT_EQ(message->wantlist.at(0).priority, std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(message->presences.at(0).type, 1);
  EXPECT_EQ(message->blocks.at(0).size, kCid.size());
}

}  // namespace
}  // namespace mexport::wire
