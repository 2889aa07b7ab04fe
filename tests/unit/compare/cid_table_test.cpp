// SPDX-License-Identifier: MIT
#include "compare/cid_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::compare {
namespace {

TEST(CompareCidTable, CountsEachOnceThroughItsGrowth) {
  CidTable table;
  constexpr int kCount = 10'000;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kCount; ++i) {
      const auto cid = key_of(std::to_string(i));
      if (i % 2 == 0) table.add(Side::a, cid);
      if (i % 3 == 0) table.add(Side::b, cid);
    }
  }
  const auto overlap = table.overlap();
  EXPECT_TRUE(overlap.complete);
  EXPECT_EQ(overlap.both, 1667);
  EXPECT_EQ(overlap.only[0], 5000 - 1667);
  EXPECT_EQ(overlap.only[1], 3334 - 1667);
}

TEST(CompareCidTable, SaysThatItIsFull) {
  CidTable table(600);
  for (int i = 0; i < 1000; ++i) table.add(Side::a, key_of(std::to_string(i)));
  table.add(Side::b, key_of("0"));
  const auto overlap = table.overlap();
  EXPECT_FALSE(overlap.complete);
  EXPECT_EQ(overlap.both, 1);
  EXPECT_EQ(overlap.only[0], 599);
}

}  // namespace
}  // namespace mexport::compare
