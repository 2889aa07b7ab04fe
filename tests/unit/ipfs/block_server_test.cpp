// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/block_server.hpp"

#include "crypto/multihash_digest.hpp"
#include "ipfs/bitswap/peer_state.hpp"
#include "ipfs/bitswap/protocols.hpp"
#include "multiformats/uvarint.hpp"
#include "tests/unit/ipfs/fixture.hpp"
#include "wire/bitswap_writer.hpp"
#include "wire/protobuf_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace mexport::ipfs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::BitswapProtocol;
using wire::WantType;

struct Told final : ReplyEvents {
  struct One {
    wire::OutgoingReply content;
    std::uint64_t reply_to;
    BitswapProtocol protocol;
    std::size_t size;
  };
  void on_reply(libp2p::Stream&, const Reply& reply, BitswapProtocol protocol,
                std::size_t size) override {
    all.push_back({reply.content, reply.reply_to, protocol, size});
  }
  std::vector<One> all;
};

/// A block of its own for each fill byte.
struct Held {
  multiformats::Cid cid;
  base::Bytes data;
};
Held held(std::uint8_t fill, std::size_t size) {
  base::Bytes data(size, fill);
  base::Bytes digest;
  const auto sha256 = static_cast<std::uint64_t>(crypto::HashCode::sha2_256);
  EXPECT_TRUE(crypto::append_digest(sha256, 32, data, digest));
  const auto raw = static_cast<std::uint64_t>(multiformats::Multicodec::raw);
  return {multiformats::Cid::v1(raw, sha256, digest), std::move(data)};
}

class BlockServerTest : public testing::Test {
 protected:
  BlockServerTest() {
    auto set = std::make_shared<BlockSet>();
    for (const auto* block : {&small, &other, &large}) {
      set->add(block->cid.view().multihash_bytes, std::make_shared<base::Bytes>(block->data));
    }
    shared.blocks = std::move(set);
    shared.replies = &told;
    opener->spoken = {"/ipfs/bitswap/1.2.0"};
  }

  static wire::OutgoingEntry want(const Held& block, WantType type = WantType::block) {
    return {.cid = block.cid.bytes(), .want_type = type, .send_dont_have = true};
  }
  void take(const std::vector<wire::OutgoingEntry>& entries, bool full = false) {
    wire::BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
    writer.set_full(full);
    for (const auto& entry : entries) writer.add_entry(entry);
    state->take_wantlist(messages_in(writer.frame()).at(0), BitswapProtocol::v1_2_0);
    state->next_message_index();
    state->serve();
  }
  libp2p::FakeStream& stream(std::size_t n) { return opener->streams.at(n)->stream; }
  wire::BitswapMessage reply(std::size_t n) { return messages_in(stream(n).written).at(0); }
  TestRuntime runtime;
  Told told;
  BitswapShared shared{runtime, {.serve_rate = 1'000'000}};
  FakeOpener* opener = new FakeOpener;  // of the state
  std::optional<PeerState> state{std::in_place, shared, std::unique_ptr<StreamOpener>(opener)};
  const Held small = held(1, 100);
  const Held other = held(2, 200);
  const Held large = held(3, 500'000);
};

TEST_F(BlockServerTest, SaysHaveWhereThatIsWanted) {
  take({});
  take({want(small, WantType::have)});
  ASSERT_EQ(opener->streams.size(), 1U);
  EXPECT_EQ(opener->streams[0]->proposals, std::vector<std::string>{"/ipfs/bitswap/1.2.0"});
  EXPECT_TRUE(stream(0).write_closed);
  const auto sent = reply(0);
  ASSERT_EQ(sent.presences.size(), 1U);
  EXPECT_EQ(sent.presences[0].type, static_cast<std::int32_t>(wire::BlockPresence::have));
  EXPECT_TRUE(sent.blocks.empty());
  ASSERT_EQ(told.all.size(), 1U);
  EXPECT_EQ(told.all[0].reply_to, 1U);
  EXPECT_EQ(told.all[0].content.haves, std::vector{small.cid});
  EXPECT_EQ(told.all[0].size, stream(0).written.size() - 1);
  EXPECT_EQ(shared.counters.served_haves.value(), 1U);
  EXPECT_EQ(state->pending_answers(), 0U) << "no DONT_HAVE beside it";
  EXPECT_EQ(state->ledger().size(), 1U) << "the want stands until it is cancelled";
}

TEST_F(BlockServerTest, GivesBlocksUnderTheCidThatWasAskedFor) {
  const auto v0 = multiformats::Cid::v0(other.cid.multihash().digest);
  take({want(small), {.cid = v0.bytes()}, want(large, WantType::have)});
  ASSERT_EQ(opener->streams.size(), 1U);
  const auto sent = reply(0);
  ASSERT_EQ(sent.blocks.size(), 2U);
  EXPECT_TRUE(std::ranges::equal(sent.cid(sent.blocks[0].cid), small.cid.bytes()));
  EXPECT_EQ(sent.blocks[0].size, 100U);
  EXPECT_TRUE(std::ranges::equal(sent.cid(sent.blocks[1].cid), v0.bytes()));
  ASSERT_EQ(sent.presences.size(), 1U);
  EXPECT_EQ(shared.counters.served_blocks.value(), 2U);
  EXPECT_EQ(shared.counters.served_block_bytes.value(), 300U);
  EXPECT_EQ(state->ledger().size(), 1U) << "of the HAVE";
}

TEST_F(BlockServerTest, GivesOldPeersBareBlocks) {
  opener->spoken = {"/ipfs/bitswap"};
  take({want(small), want(large)});
  ASSERT_EQ(opener->streams.size(), 1U);
  const auto expected = [](const Held& block) {
    base::Bytes body = wire::bytes("0a00");
    wire::ProtobufWriter(body).add_bytes(2, reinterpret_cast<const char*>(block.data.data()),
                                         block.data.size());
    base::Bytes frame;
    multiformats::append_uvarint(frame, body.size());
    base::append(frame, body);
    return frame;
  };
  EXPECT_EQ(stream(0).written, expected(small));
  runtime.advance(seconds(1));
  EXPECT_EQ(stream(1).written, expected(large));
  EXPECT_EQ(told.all[1].protocol, BitswapProtocol::unversioned);
}

TEST_F(BlockServerTest, AsksPeersThatHaveNotSaidWhatTheySpeak) {
  opener->spoken.clear();
  take({want(small)});
  EXPECT_EQ(opener->streams.at(0)->proposals.size(), kBitswapProtocols.size());
  EXPECT_TRUE(stream(0).written.empty());
  opener->streams[0]->agree("/ipfs/bitswap/1.1.0");
  EXPECT_EQ(reply(0).blocks.size(), 1U);
  EXPECT_EQ(told.all.at(0).protocol, BitswapProtocol::v1_1_0);
}

TEST_F(BlockServerTest, WritesNoMoreThanThePeerReads) {
  opener->unread = 1;
  take({want(large)});
  stream(0).pending = 0;
  stream(0).drained();
  EXPECT_EQ(reply(0).blocks.at(0).size, 500'000U);
  EXPECT_TRUE(stream(0).write_closed);

  opener->unread = 0;
  take({want(small)});
  runtime.advance(seconds(1));
  EXPECT_EQ(reply(1).blocks.size(), 1U);
}

TEST_F(BlockServerTest, OnePieceWaitsForAPeerThatDoesNotRead) {
  take({want(small)});  // so that the next has to wait for the rate, and its stream can be prepared
  take({want(large)});
  opener->unread = kReplyPiece;
  runtime.advance(milliseconds(1));
  ASSERT_EQ(opener->streams.size(), 2U);
  EXPECT_TRUE(stream(1).written.empty());
  runtime.advance(kReplyTime);
  EXPECT_TRUE(stream(1).reset_code);
  EXPECT_EQ(shared.counters.answer_streams_timed_out.value(), 2U) << "the first, not closed, too";
  opener->streams.pop_back();
  EXPECT_EQ(shared.counters.serve_dropped_failed.value(), 1U);
}

TEST_F(BlockServerTest, KeepsToTheRate) {
  take({want(large)});
  take({want(small)});
  EXPECT_EQ(opener->streams.size(), 1U);
  runtime.advance(milliseconds(490));
  EXPECT_EQ(opener->streams.size(), 1U);
  runtime.advance(milliseconds(20));
  ASSERT_EQ(opener->streams.size(), 2U);
  EXPECT_EQ(told.all.at(1).reply_to, 1U);
}

TEST_F(BlockServerTest, AnswersEachMessageByItsOwnInTheirOrder) {
  take({want(large)});
  take({want(small), want(other)});
  take({want(large, WantType::have)});
  runtime.advance(seconds(2));
  runtime.advance(seconds(2));
  ASSERT_EQ(told.all.size(), 3U);
  EXPECT_EQ(told.all[1].reply_to, 1U);
  EXPECT_EQ(told.all[1].content.blocks, (std::vector{small.cid, other.cid}));
  EXPECT_EQ(told.all[2].reply_to, 2U);
}

TEST_F(BlockServerTest, AWantThatWaitsGainsAndCanBeCancelled) {
  take({want(large)});
  take({want(small, WantType::have), want(other)});
  take({want(small)});
  take({{.cid = other.cid.bytes(), .cancel = true}});
  EXPECT_EQ(state->pending_served(), 1U);
  runtime.advance(seconds(2));
  ASSERT_EQ(told.all.size(), 2U);
  EXPECT_EQ(told.all[1].content.blocks, std::vector{small.cid});
  EXPECT_TRUE(told.all[1].content.haves.empty());
}

TEST_F(BlockServerTest, AFullListForgetsWhatWaits) {
  take({want(large)});
  take({want(small), want(other)});
  take({want(other)}, true);
  runtime.advance(seconds(2));
  ASSERT_EQ(told.all.size(), 2U);
  EXPECT_EQ(told.all[1].content.blocks, std::vector{other.cid});
  EXPECT_EQ(opener->held, 0U);
}

TEST_F(BlockServerTest, WantsThatWaitAreBoundedAndCounted) {
  auto set = std::make_shared<BlockSet>(*shared.blocks);
  std::vector<base::Bytes> cids;
  for (std::uint32_t i = 0; i < kMaxWaitingWants + 10; ++i) {
    cids.push_back(numbered_cid(i));
    set->add(multiformats::parse_cid(cids.back())->multihash_bytes,
             std::make_shared<base::Bytes>(1));
  }
  shared.blocks = set;
  take({want(large)});
  std::vector<wire::OutgoingEntry> entries;
  for (const auto& cid : cids) entries.push_back({.cid = cid});
  take(entries);
  EXPECT_EQ(state->pending_served(), kMaxWaitingWants);
  EXPECT_EQ(shared.counters.serve_dropped_full.value(), 10U);
  EXPECT_EQ(opener->held, kMaxWaitingWants * kWaitingWantMemory);
  for (std::size_t i = 0; i < 3 * cids.size(); ++i) {  // cancels make no room for more than that
    const auto& cid = cids[i % kMaxWaitingWants];
    take({{.cid = cid, .cancel = true}});
    take({{.cid = cid}});
  }
  EXPECT_LE(opener->held, kMaxWaitingWants * kWaitingWantMemory);
}

TEST_F(BlockServerTest, GoesOnWhenAStreamIsLost) {
  take({want(large)});
  take({want(small)});
  stream(0).peer_resets(libp2p::StreamCode::none);
  opener->streams[0].reset();
  runtime.advance(seconds(1));
  ASSERT_EQ(opener->streams.size(), 2U);
  EXPECT_EQ(reply(1).blocks.size(), 1U);

  opener->failing = true;
  take({want(other)});
  runtime.advance(seconds(1));
  EXPECT_EQ(shared.counters.serve_dropped_failed.value(), 1U);
  opener->failing = false;
  take({want(other)});
  runtime.advance(seconds(1));
  EXPECT_EQ(shared.counters.served_blocks.value(), 3U);
}

TEST_F(BlockServerTest, PeersThatKeepStreamsOpenGetNoMoreThanSoMany) {
  for (std::size_t i = 0; i < BitswapOptions().max_answer_streams + 3; ++i) {
    take({want(small, WantType::have)});
    runtime.advance(milliseconds(1));
  }
  EXPECT_EQ(opener->streams.size(), BitswapOptions().max_answer_streams);
  runtime.advance(BitswapOptions().answer_timeout);
  EXPECT_TRUE(stream(0).reset_code);
  opener->streams.front().reset();
  runtime.advance(milliseconds(1));
  EXPECT_EQ(opener->streams.size(), BitswapOptions().max_answer_streams + 1);
}

TEST_F(BlockServerTest, AfterTheEndNothingIsSent) {
  take({want(large)});
  take({want(small)});
  state->close();
  EXPECT_EQ(shared.counters.serve_dropped_failed.value(), 1U);
  runtime.advance(seconds(5));
  EXPECT_EQ(opener->streams.size(), 1U);
  EXPECT_EQ(opener->held, 0U);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
  take({want(small)});
  EXPECT_EQ(opener->streams.size(), 1U);
}

TEST_F(BlockServerTest, WhatWeDoNotHaveIsAnsweredAsBefore) {
  const auto absent = numbered_cid(7);
  take({want(small), {.cid = absent, .send_dont_have = true}});
  EXPECT_EQ(state->pending_answers(), 1U);
  EXPECT_EQ(told.all.size(), 1U);
}

}  // namespace
}  // namespace mexport::ipfs
