// SPDX-License-Identifier: MIT
#include "monitor/merged_lists.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace mexport::monitor {
namespace {

using testing::MessageBuilder;
using wire::BlockPresence;

constexpr std::int32_t kBlock = 0;
constexpr std::int32_t kHave = 1;

/// Fillers make the lists long enough for the hash table; the rules must be the same.
class MergedListsTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  const MergedLists& merge(MessageBuilder& builder) {
    for (std::uint32_t i = 0; i < GetParam(); ++i) {
      builder.want(1000 + i, 1, kBlock).presence(1000 + i, 0).block(5000 + i, 1);
    }
    message_ = builder.build();
    return merger_.merge(message_);
  }

  wire::BitswapMessage message_;
  ListMerger merger_{42};
};
INSTANTIATE_TEST_SUITE_P(ShortAndLong, MergedListsTest, ::testing::Values(0, 100));

TEST_P(MergedListsTest, KeepsTheOrderOfFirstAppearance) {
  MessageBuilder builder;
  builder.want(3, 30, kHave).want(1, 10, kBlock).want(3, 31, kHave).want(2, 20, kBlock, true);
  const auto& lists = merge(builder);
  ASSERT_EQ(lists.entries.size(), 3 + GetParam());
  EXPECT_EQ(lists.entries[0].priority, 31);
  EXPECT_EQ(lists.entries[0].want_type, kHave);
  EXPECT_EQ(lists.entries[1].priority, 10);
  EXPECT_EQ(lists.entries[2].priority, 20);
  EXPECT_TRUE(lists.entries[2].cancel);
}

TEST_P(MergedListsTest, BlockBeatsHaveAndPrioritiesNeedTheStoredType) {
  MessageBuilder builder;
  builder.want(1, 10, kHave)
      .want(1, 20, kBlock, false, true)
      .want(1, 30, kHave)
      .want(1, 40, kBlock);
  const auto& entry = merge(builder).entries[0];
  EXPECT_EQ(entry.want_type, kBlock);
  EXPECT_EQ(entry.priority, 40);
  EXPECT_TRUE(entry.send_dont_have);
  EXPECT_FALSE(entry.cancel);
}

TEST_P(MergedListsTest, CancelStaysOnceItWasSet) {
  MessageBuilder builder;
  builder.want(1, 0, kBlock, true).want(1, 5, kBlock);
  const auto& entry = merge(builder).entries[0];
  EXPECT_TRUE(entry.cancel);
  EXPECT_EQ(entry.priority, 5);
}

TEST_P(MergedListsTest, UnknownWantTypesShowAsBlockAndAreCounted) {
  MessageBuilder builder;
  builder.want(1, 1, 2).want(2, 1, kHave).want(3, 1, -1);
  const auto& lists = merge(builder);
  EXPECT_EQ(lists.entries[0].want_type, kBlock);
  EXPECT_EQ(lists.entries[2].want_type, kBlock);
  EXPECT_EQ(lists.unknown_want_types, 2U);
  ASSERT_EQ(lists.entry_differences.size(), 2U);
  EXPECT_EQ(lists.entry_differences[0].index, 0U);
  EXPECT_EQ(lists.entry_differences[1].index, 2U);
}

// The reference compares raw types: 2 is not the type that came first, so its priority is ignored.
TEST_P(MergedListsTest, UnknownTypesMergeByTheirRawValue) {
  MessageBuilder builder;
  builder.want(1, 1, 2).want(1, 9, kBlock);
  EXPECT_EQ(merge(builder).entries[0].priority, 1);
}

TEST_P(MergedListsTest, ListsWhereEachRepeatedItemWentTo) {
  MessageBuilder builder;
  builder.want(1, 1, kBlock).want(2, 2, kBlock).want(1, 3, kBlock);
  const auto& lists = merge(builder);
  ASSERT_EQ(lists.entry_differences.size(), 2U);
  EXPECT_EQ(lists.entry_differences[0].index, 0U);
  EXPECT_EQ(lists.entry_differences[0].merged, 0U);
  EXPECT_EQ(lists.entry_differences[1].index, 2U);
  EXPECT_EQ(lists.entry_differences[1].merged, 0U);
  EXPECT_TRUE(lists.differs());
}

TEST_P(MergedListsTest, ALaterPresenceWinsInTheFirstPlace) {
  MessageBuilder builder;
  builder.presence(1, 0).presence(2, 1).presence(1, 1);
  const auto& lists = merge(builder);
  ASSERT_EQ(lists.presences.size(), 2 + GetParam());
  EXPECT_EQ(lists.presences[0].type, BlockPresence::dont_have);
  EXPECT_EQ(lists.presence_differences.size(), 2U);
}

TEST_P(MergedListsTest, UnknownPresenceTypesShowAsDontHave) {
  MessageBuilder builder;
  builder.presence(1, 5);
  const auto& lists = merge(builder);
  EXPECT_EQ(lists.presences[0].type, BlockPresence::dont_have);
  EXPECT_EQ(lists.unknown_presence_types, 1U);
  ASSERT_EQ(lists.presence_differences.size(), 1U);
}

TEST_P(MergedListsTest, APresenceGoesWhenTheBlockItselfCame) {
  MessageBuilder builder;
  builder.presence(1, 0).block(1, 6).presence(2, 0);
  const auto& lists = merge(builder);
  ASSERT_EQ(lists.presences.size(), 1 + GetParam());
  ASSERT_EQ(lists.presence_differences.size(), 1U);
  EXPECT_EQ(lists.presence_differences[0].index, 0U);
  EXPECT_EQ(lists.presence_differences[0].merged, kNowhere);
}

TEST_P(MergedListsTest, RepeatedBlocksStandOnce) {
  MessageBuilder builder;
  builder.block(1, 6).block(1, 6).block(2, 3);
  const auto& lists = merge(builder);
  EXPECT_EQ(lists.blocks.size(), 2 + GetParam());
  EXPECT_EQ(lists.block_differences.size(), 2U);
}

TEST_P(MergedListsTest, EntriesThatNeedNoMergingAreNotCopied) {
  MessageBuilder builder;
  builder.want(1, 1, kBlock).want(2, 2, kHave, true, true);
  const auto& lists = merge(builder);
  EXPECT_EQ(lists.entries.data(), message_.wantlist.data());
  EXPECT_EQ(lists.entries.size(), message_.wantlist.size());
  EXPECT_FALSE(lists.differs());
}

TEST_P(MergedListsTest, ARepetitionAtTheEndChangesTheFirst) {
  MessageBuilder builder;
  for (std::uint32_t i = 0; i < 20; ++i) builder.want(i, 1, kHave);
  builder.want(3, 7, kHave);
  const auto& lists = merge(builder);
  ASSERT_EQ(lists.entries.size(), 20 + GetParam());
  EXPECT_EQ(lists.entries[3].priority, 7);
  ASSERT_EQ(lists.entry_differences.size(), 2U);
  EXPECT_EQ(lists.entry_differences[0].index, 3U);
  EXPECT_EQ(lists.entry_differences[1].index, 20U);
  EXPECT_EQ(lists.entry_differences[1].merged, 3U);
}

TEST(ListMerger, ForgetsTheMessageBefore) {
  ListMerger merger(1);
  const auto first =
      MessageBuilder().want(1, 1, 2).want(1, 1, 2).presence(1, 7).block(1, 1).build();
  EXPECT_TRUE(merger.merge(first).differs());
  const auto second = MessageBuilder().want(1, 1, kBlock).build();
  const auto& lists = merger.merge(second);
  EXPECT_FALSE(lists.differs());
  EXPECT_EQ(lists.entries.size(), 1U);
  EXPECT_TRUE(lists.blocks.empty());
  EXPECT_TRUE(lists.presences.empty());
  EXPECT_EQ(lists.unknown_want_types, 0U);
}

// Quadratic work would take minutes here.
TEST(ListMerger, MergesAHundredThousandEntries) {
  MessageBuilder builder;
  for (std::uint32_t i = 0; i < 100'000; ++i) builder.want(i % 50'000, 1, kBlock).presence(i, 1);
  const auto message = builder.build();
  ListMerger merger(1);
  const auto& lists = merger.merge(message);
  EXPECT_EQ(lists.entries.size(), 50'000U);
  EXPECT_EQ(lists.entry_differences.size(), 100'000U);
  EXPECT_EQ(lists.presences.size(), 100'000U);
}

}  // namespace
}  // namespace mexport::monitor
