// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/counters.hpp"

#include "wire/error.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mexport::ipfs {
namespace {

TEST(BitswapCounters, SortsWhatAMessageHolds) {
  wire::BitswapMessage message;
  message.full = true;
  message.wantlist.resize(5);
  message.wantlist[1].want_type = 1;
  message.wantlist[2].want_type = -1;
  message.wantlist[3].cancel = true;
  message.wantlist[4].want_type = 1;
  message.blocks.push_back({.cid = {}, .size = 100});
  message.presences.resize(3);
  message.presences[0].type = 1;
  message.presences[1].type = 5;
  BitswapCounters counters;
  counters.count_received(message, 77);
  EXPECT_EQ(counters.messages.value(), 1U);
  EXPECT_EQ(counters.message_bytes.value(), 77U);
  EXPECT_EQ(counters.entries.value(), 5U);
  EXPECT_EQ(counters.want_block.value(), 1U);
  EXPECT_EQ(counters.want_have.value(), 2U);
  EXPECT_EQ(counters.want_other.value(), 1U);
  EXPECT_EQ(counters.cancels.value(), 1U);
  EXPECT_EQ(counters.full_wantlists.value(), 1U);
  EXPECT_EQ(counters.blocks.value(), 1U);
  EXPECT_EQ(counters.block_bytes.value(), 100U);
  EXPECT_EQ(counters.presences_have.value(), 1U);
  EXPECT_EQ(counters.presences_dont_have.value(), 2U);
}

TEST(BitswapCounters, NamesEachReasonOfRefusal) {
  BitswapCounters counters;
  counters.count_refused(wire::Error::bad_cid);
  counters.count_refused(wire::Error::truncated_message);
  const auto list = counters.list();
  const std::map<std::string, std::uint64_t> by_name(list.begin(), list.end());
  EXPECT_EQ(by_name.size(), list.size()) << "no name stands twice";
  EXPECT_EQ(by_name.at("bitswap_refused_bad_cid"), 1U);
  EXPECT_EQ(by_name.at("bitswap_refused_truncated_message"), 1U);
  EXPECT_EQ(by_name.at("bitswap_refused_bad_protobuf"), 0U);
}

}  // namespace
}  // namespace mexport::ipfs
