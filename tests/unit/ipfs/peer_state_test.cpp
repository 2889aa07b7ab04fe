// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/peer_state.hpp"

#include "tests/unit/ipfs/fixture.hpp"
#include "wire/bitswap_writer.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace mexport::ipfs {
namespace {

using wire::BitswapProtocol;
using wire::WantType;

class PeerStateTest : public testing::Test {
 protected:
  void take(const std::vector<wire::OutgoingEntry>& entries, bool full = false,
            BitswapProtocol protocol = BitswapProtocol::v1_2_0) {
    wire::BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
    writer.set_full(full);
    for (const auto& entry : entries) writer.add_entry(entry);
    state->take_wantlist(messages_in(writer.frame()).at(0), protocol);
  }
  std::optional<Ledger::Want> find(const base::Bytes& cid) {
    return state->ledger().find(shared.hasher(cid));
  }

  TestRuntime runtime;
  BitswapShared shared{runtime, {}};
  std::optional<PeerState> state{std::in_place, shared, std::make_unique<FakeOpener>()};
  const base::Bytes a = numbered_cid(1);
  const base::Bytes b = numbered_cid(2);
};

TEST_F(PeerStateTest, RemembersWantsUntilCancelled) {
  take({{.cid = a, .want_type = WantType::have}, {.cid = b, .send_dont_have = true}});
  EXPECT_EQ(find(a), (Ledger::Want{.type = WantType::have}));
  EXPECT_EQ(find(b), (Ledger::Want{.type = WantType::block, .send_dont_have = true}));
  EXPECT_EQ(shared.counters.live_wants.value(), 2U);
  take({{.cid = b, .cancel = true}});
  EXPECT_EQ(find(b), std::nullopt);
  EXPECT_EQ(shared.counters.live_wants.value(), 1U);
  EXPECT_EQ(state->pending_answers(), 0U);
}

TEST_F(PeerStateTest, AFullListReplacesWantsAndAnswers) {
  take({{.cid = a, .send_dont_have = true}});
  take({{.cid = b, .send_dont_have = true}}, true);
  EXPECT_EQ(find(a), std::nullopt);
  EXPECT_NE(find(b), std::nullopt);
  EXPECT_EQ(state->pending_answers(), 1U);
  take({}, true);
  EXPECT_EQ(state->ledger().size(), 0U);
  EXPECT_EQ(state->pending_answers(), 0U);
}

TEST_F(PeerStateTest, WithinAMessageACancelWinsWhereverItStands) {
  take({{.cid = a, .cancel = true}, {.cid = a, .send_dont_have = true}});
  take({{.cid = b, .send_dont_have = true}, {.cid = b, .cancel = true}});
  EXPECT_EQ(state->ledger().size(), 0U);
  EXPECT_EQ(state->pending_answers(), 0U);
}

TEST_F(PeerStateTest, AnswersOnlyWhereAskedAndCarried) {
  take({{.cid = a}});
  EXPECT_EQ(state->pending_answers(), 0U);
  take({{.cid = a, .send_dont_have = true}}, false, BitswapProtocol::v1_0_0);
  take({{.cid = a, .send_dont_have = true}}, false, BitswapProtocol::unversioned);
  EXPECT_EQ(state->pending_answers(), 0U);
  take({{.cid = a, .send_dont_have = true}}, false, BitswapProtocol::v1_1_0);
  EXPECT_EQ(state->pending_answers(), 1U);
}

TEST_F(PeerStateTest, CanBeToldToStaySilent) {
  BitswapShared silent(runtime, {.answer = false});
  PeerState quiet(silent, std::make_unique<FakeOpener>());
  wire::BitswapMessageWriter writer(BitswapProtocol::v1_2_0);
  writer.add_entry({.cid = a, .send_dont_have = true});
  quiet.take_wantlist(messages_in(writer.frame()).at(0), BitswapProtocol::v1_2_0);
  EXPECT_EQ(quiet.pending_answers(), 0U);
  EXPECT_EQ(quiet.ledger().size(), 1U);
}

TEST_F(PeerStateTest, IgnoresIdentityAndOverlongCids) {
  const auto identity = wire::bytes("01550003616263");
  auto overlong = wire::bytes("015512a601");
  overlong.resize(overlong.size() + 166);
  take({{.cid = identity, .send_dont_have = true}, {.cid = overlong, .send_dont_have = true}});
  EXPECT_EQ(state->ledger().size(), 0U);
  EXPECT_EQ(state->pending_answers(), 0U);
  EXPECT_EQ(shared.counters.wants_ignored.value(), 2U);
}

TEST_F(PeerStateTest, AnswersBeyondTheLedgersBound) {
  std::vector<base::Bytes> cids;
  for (std::uint32_t i = 0; i < BitswapOptions().max_ledger_wants + 10; ++i)
    cids.push_back(numbered_cid(i));
  std::vector<wire::OutgoingEntry> entries;
  for (const auto& cid : cids) entries.push_back({.cid = cid});
  take(entries);
  EXPECT_EQ(state->ledger().size(), BitswapOptions().max_ledger_wants);
  EXPECT_EQ(shared.counters.ledger_full.value(), 10U);
  take({{.cid = cids.back(), .send_dont_have = true}});
  EXPECT_EQ(state->pending_answers(), 1U);
  EXPECT_EQ(shared.counters.ledger_full.value(), 11U);
  take({{.cid = cids.front(), .cancel = true}, {.cid = cids.back()}});
  EXPECT_EQ(find(cids.back()), std::nullopt) << "was full when its want was read";
  take({{.cid = cids.back()}});
  EXPECT_NE(find(cids.back()), std::nullopt);
}

TEST_F(PeerStateTest, AfterItsEndItTakesNothing) {
  take({{.cid = a, .send_dont_have = true}});
  state->close();
  EXPECT_EQ(shared.counters.live_wants.value(), 0U);
  take({{.cid = a, .send_dont_have = true}});
  EXPECT_EQ(state->pending_answers(), 0U);
  EXPECT_EQ(state->ledger().size(), 0U);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
}

}  // namespace
}  // namespace mexport::ipfs
