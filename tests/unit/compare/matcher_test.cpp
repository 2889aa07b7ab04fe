// SPDX-License-Identifier: MIT
#include "compare/matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mexport::compare {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::int64_t kWindow = 10;

class MatcherTest : public ::testing::Test {
 protected:
  void add(Side side, std::string_view what, std::int64_t time) {
    matcher_.add(side, Item{.key = key_of(what), .time = time});
  }

  std::vector<std::pair<std::int64_t, std::int64_t>> both_;
  std::vector<std::int64_t> only_a_;
  std::vector<std::int64_t> only_b_;
  Matcher::Listener listener_{
      .both = [this](const Item& a, const Item& b) { both_.emplace_back(a.time, b.time); },
      .alone =
          [this](Side side, const Item& item) {
            (side == Side::a ? only_a_ : only_b_).push_back(item.time);
          }};
  Matcher matcher_{kWindow, listener_};
};

TEST_F(MatcherTest, EachIsUsedOnce) {
  add(Side::a, "m", 0);
  add(Side::b, "m", 1);
  add(Side::b, "m", 2);
  matcher_.finish();
  EXPECT_THAT(both_, ElementsAre(Pair(0, 1)));
  EXPECT_THAT(only_a_, IsEmpty());
  EXPECT_THAT(only_b_, ElementsAre(2));
}

TEST_F(MatcherTest, WithinTheWindowEitherMayBeFirst) {
  add(Side::a, "early", 0);
  add(Side::b, "early", 10);
  add(Side::b, "late", 20);
  add(Side::a, "late", 30);
  add(Side::a, "apart", 40);
  add(Side::b, "apart", 51);
  matcher_.finish();
  EXPECT_THAT(both_, ElementsAre(Pair(0, 10), Pair(30, 20)));
  EXPECT_THAT(only_a_, ElementsAre(40));
  EXPECT_THAT(only_b_, ElementsAre(51));
}

TEST_F(MatcherTest, OfSeveralTheNearestIsTaken) {
  for (const auto time : {0, 3, 6}) add(Side::a, "m", time);
  add(Side::b, "m", 7);
  add(Side::b, "m", 8);
  matcher_.finish();
  EXPECT_THAT(both_, ElementsAre(Pair(6, 7), Pair(3, 8)));
  EXPECT_THAT(only_a_, ElementsAre(0));
}

TEST_F(MatcherTest, ALongListOfTheSameIsMatchedByTime) {
  for (int time = 0; time < 1000; ++time) add(Side::b, "m", 100 * time);
  EXPECT_EQ(only_b_.size(), 0) << "nothing is known of A yet";
  for (int time = 0; time < 1000; ++time) add(Side::a, "m", 100 * time + 1);
  matcher_.finish();
  EXPECT_EQ(both_.size(), 1000);
  EXPECT_THAT(both_.front(), Pair(1, 0));
}

TEST_F(MatcherTest, WhatCanHaveNoLikeAnyMoreGoes) {
  add(Side::a, "m", 0);
  add(Side::b, "other", 20);
  EXPECT_THAT(only_a_, IsEmpty()) << "B may still be out of order";
  add(Side::b, "other", 21);
  EXPECT_THAT(only_a_, ElementsAre(0));
}

TEST_F(MatcherTest, ARepetitionOutlivesItsForerunner) {
  add(Side::a, "m", 0);
  add(Side::a, "m", 15);
  add(Side::b, "x", 22);  // takes the first one out
  add(Side::b, "m", 22);
  add(Side::b, "m", 23);
  matcher_.finish();
  EXPECT_THAT(both_, ElementsAre(Pair(15, 22)));
  EXPECT_THAT(only_a_, ElementsAre(0));
  EXPECT_THAT(only_b_, ElementsAre(22, 23));
}

TEST_F(MatcherTest, OutOfOrderByUpToAWindow) {
  add(Side::a, "first", 100);
  add(Side::b, "second", 110);
  add(Side::a, "second", 110);
  add(Side::b, "first", 100);
  EXPECT_EQ(matcher_.late(Side::b), 0);
  add(Side::b, "third", 99);
  EXPECT_EQ(matcher_.late(Side::b), 1);
  matcher_.finish();
  EXPECT_THAT(both_, ElementsAre(Pair(110, 110), Pair(100, 100)));
}

TEST_F(MatcherTest, AnEndedRecordKeepsNobodyWaiting) {
  add(Side::a, "m", 0);
  matcher_.end(Side::b);
  EXPECT_THAT(only_a_, ElementsAre(0));
  add(Side::a, "m", 1);
  EXPECT_THAT(only_a_, ElementsAre(0, 1));
}

TEST_F(MatcherTest, TooManyAreJudgedEarly) {
  Matcher small(kWindow, listener_, 2);
  for (const auto time : {1, 2, 3}) {
    small.add(Side::a, Item{.key = key_of(std::to_string(time)), .time = time});
  }
  EXPECT_THAT(only_a_, ElementsAre(1));
  EXPECT_EQ(small.judged_early(), 1);
  small.add(Side::b, Item{.key = key_of("3"), .time = 3});
  EXPECT_THAT(both_, ElementsAre(Pair(3, 3)));
}

}  // namespace
}  // namespace mexport::compare
