// SPDX-License-Identifier: MIT
#include "libp2p/tcp/pace.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::tcp {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// A shard that is woken at times of the test's choice.
struct Woken {
  /// A wake-up `gap` after the last one began.
  void again(std::chrono::nanoseconds gap, std::size_t events = 1,
             std::chrono::nanoseconds took = microseconds(20), std::size_t bytes = 300) {
    now += gap;
    pace.after({now, now + took, events, bytes});
  }
  void again(unsigned times, std::chrono::nanoseconds gap, std::size_t events = 1) {
    for (unsigned i = 0; i < times; ++i) again(gap, events);
  }

  Pace pace{milliseconds(10)};
  base::SteadyTime now{std::chrono::hours(1)};
};

TEST(Pace, RestsOnceItIsWokenOftenForAWhile) {
  Woken shard;
  shard.again(milliseconds(2));  // long after the one before: there was none
  shard.again(Pace::kPatience - 1, milliseconds(2));
  EXPECT_FALSE(shard.pace.resting());
  shard.again(milliseconds(2));
  EXPECT_TRUE(shard.pace.resting());
  EXPECT_EQ(shard.pace.until(), shard.now + milliseconds(10));
}

TEST(Pace, GoesOnRestingWhileEachRestFindsMoreThanOne) {
  Woken shard;
  shard.again(2 * Pace::kPatience, milliseconds(2));
  shard.again(2 * Pace::kPatience, milliseconds(11), 5);
  EXPECT_TRUE(shard.pace.resting());
  shard.again(milliseconds(11), 1);
  EXPECT_FALSE(shard.pace.resting());
}

TEST(Pace, NeverRestsWhenItIsWokenRarely) {
  Woken shard;
  shard.again(4 * Pace::kPatience, milliseconds(10));
  EXPECT_FALSE(shard.pace.resting());
}

TEST(Pace, DoesNotRestAfterMuchWork) {
  Woken shard;
  shard.again(2 * Pace::kPatience, milliseconds(2));
  shard.again(milliseconds(2), 1, milliseconds(1));
  EXPECT_FALSE(shard.pace.resting());
  shard.again(milliseconds(2));
  EXPECT_TRUE(shard.pace.resting());
}

TEST(Pace, DoesNotRestWhileMuchIsUnderWay) {
  Woken shard;
  shard.again(2 * Pace::kPatience, milliseconds(2));
  shard.again(milliseconds(2), 1, microseconds(20), Pace::kSmallBytes + 1);
  EXPECT_FALSE(shard.pace.resting());
  shard.again(Pace::kPatience - 1, milliseconds(2));
  EXPECT_FALSE(shard.pace.resting());
  shard.again(milliseconds(2), 1, microseconds(20), Pace::kSmallBytes);
  EXPECT_TRUE(shard.pace.resting());
}

TEST(Pace, ATimerInBetweenChangesNothing) {
  Woken shard;
  shard.again(2 * Pace::kPatience, milliseconds(2));
  const auto until = shard.pace.until();
  shard.again(milliseconds(3), 0);
  EXPECT_TRUE(shard.pace.resting());
  EXPECT_EQ(shard.pace.until(), until);
}

TEST(Pace, OfNothingNeverRests) {
  Woken shard{.pace = Pace(milliseconds(0))};
  shard.again(4 * Pace::kPatience, microseconds(1));
  EXPECT_FALSE(shard.pace.resting());
}

}  // namespace
}  // namespace mexport::libp2p::tcp
