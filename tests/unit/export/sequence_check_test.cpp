// SPDX-License-Identifier: MIT
#include "export/sequence_check.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>

namespace mexport::exporter {
namespace {

SequenceCheck seen(std::initializer_list<std::uint64_t> numbers, bool from_start = false) {
  SequenceCheck check;
  for (const auto number : numbers) check.see(number, from_start);
  return check;
}

TEST(SequenceCheck, AWholeSequence) {
  const auto check = seen({1, 2, 3}, true);
  EXPECT_EQ(check.first(), 1U);
  EXPECT_EQ(check.last(), 3U);
  EXPECT_EQ(check.events(), 3U);
  EXPECT_EQ(check.result().missing, 0U);
  EXPECT_EQ(check.result().lost, 0U);
}

TEST(SequenceCheck, AHoleIsMissing) {
  const auto result = seen({5, 6, 10, 12}).result();
  EXPECT_EQ(result.missing, 4U);
  EXPECT_EQ(result.first_missing, 7U);
}

TEST(SequenceCheck, TheBeginningCountsWhenTheTraceHoldsIt) {
  EXPECT_EQ(seen({5}).result().missing, 0U);
  EXPECT_EQ(seen({5}, true).result().missing, 4U);
}

TEST(SequenceCheck, GapsExplainHoles) {
  auto check = seen({1, 10});
  check.explain({2, 9});
  EXPECT_EQ(check.result().lost, 8U);
  EXPECT_EQ(check.result().missing, 0U);
}

TEST(SequenceCheck, GapsMayOverlapAndLeaveParts) {
  auto check = seen({1, 20});
  check.explain({12, 14});
  check.explain({3, 5});
  check.explain({4, 7});
  const auto result = check.result();
  EXPECT_EQ(result.lost, 8U);  // 3 to 7, 12 to 14
  EXPECT_EQ(result.missing, 10U);
  EXPECT_EQ(result.first_missing, 2U);
}

TEST(SequenceCheck, GapsReachBeyondWhatWasSeen) {
  auto check = seen({5, 6});
  check.explain({3, 4});
  check.explain({7, 9});
  EXPECT_EQ(check.result().lost, 5U);
  EXPECT_EQ(check.result().missing, 0U);
  SequenceCheck nothing_seen;
  nothing_seen.explain({1, 4});
  EXPECT_EQ(nothing_seen.result().lost, 4U);
}

TEST(SequenceCheck, AGapThatNothingIsMissingForCountsNothing) {
  auto check = seen({1, 2, 3});
  check.explain({2, 3});
  EXPECT_EQ(check.result().lost, 0U);
}

TEST(SequenceCheck, CountsWhatComesAgain) {
  EXPECT_EQ(seen({1, 2, 2, 1, 3}).repeated(), 2U);
}

TEST(SequenceCheck, HoldsTheLargestNumbers) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(seen({kMax - 5, kMax}).result().missing, 4U);
  auto check = seen({1});
  check.explain({2, kMax});
  EXPECT_EQ(check.result().lost, kMax - 1);
  check.explain({9, 3});
  check.explain({0, 5});
  EXPECT_EQ(check.result().lost, kMax - 1);
}

}  // namespace
}  // namespace mexport::exporter
