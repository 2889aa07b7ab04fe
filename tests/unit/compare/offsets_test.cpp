// SPDX-License-Identifier: MIT
#include "compare/offsets.hpp"

#include <gtest/gtest.h>

namespace mexport::compare {
namespace {

TEST(CompareOffsets, Quartiles) {
  Offsets offsets;
  EXPECT_EQ(offsets.quartiles().pairs, 0);
  for (const auto offset : {50, -10, 20, 30, 40}) offsets.add(offset);
  const auto found = offsets.quartiles();
  EXPECT_EQ(found.pairs, 5);
  EXPECT_EQ(found.low, 20);
  EXPECT_EQ(found.median, 30);
  EXPECT_EQ(found.high, 40);
}

TEST(CompareOffsets, OfManyASample) {
  Offsets offsets;
  constexpr std::int64_t kCount = 4 * static_cast<std::int64_t>(Offsets::kKept);
  for (std::int64_t i = 0; i < kCount; ++i) offsets.add(i);
  const auto found = offsets.quartiles();
  EXPECT_EQ(found.pairs, kCount);
  EXPECT_NEAR(static_cast<double>(found.median), kCount / 2.0, kCount * 0.02);
}

}  // namespace
}  // namespace mexport::compare
