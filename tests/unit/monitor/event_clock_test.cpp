// SPDX-License-Identifier: MIT
#include "monitor/event_clock.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

namespace mexport::monitor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class EventClockTest : public ::testing::Test {
 protected:
  /// Lets `count` seconds pass, with a sample after each.
  void pass_seconds(int count) {
    for (int i = 0; i < count; ++i) {
      clock_.advance(seconds(1));
      events_.sample();
    }
  }
  base::WallTime now() { return events_.to_utc(clock_.now()); }

  testing::ManualClock clock_;
  EventClock events_{clock_};
};

TEST_F(EventClockTest, FollowsTheWallClock) {
  EXPECT_EQ(now(), clock_.wall_now());
  clock_.advance(milliseconds(1500));
  EXPECT_EQ(now(), clock_.wall_now());
  EXPECT_FALSE(events_.sample());
  EXPECT_EQ(events_.state().steps, 0U);
}

TEST_F(EventClockTest, DatesFactsFromBeforeItsTime) {
  EXPECT_EQ(events_.to_utc(clock_.now() - seconds(3)), clock_.wall_now() - seconds(3));
}

TEST_F(EventClockTest, NeverGoesBackwards) {
  const auto first = now();
  EXPECT_EQ(events_.to_utc(clock_.now() - seconds(1)), first);
}

TEST_F(EventClockTest, SlewsASmallDifference) {
  clock_.set_wall_by(milliseconds(-30));
  EXPECT_FALSE(events_.sample());
  auto last = now();
  EXPECT_EQ(last, clock_.wall_now() + milliseconds(30));
  clock_.advance(milliseconds(500));
  EXPECT_EQ(now(), clock_.wall_now() + milliseconds(25));
  clock_.advance(milliseconds(500));
  events_.sample();
  pass_seconds(3);
  EXPECT_EQ(now(), clock_.wall_now());
  EXPECT_EQ(events_.state().steps, 0U);
}

TEST_F(EventClockTest, JumpsForwardWithTheWallClock) {
  clock_.set_wall_by(hours(2));
  EXPECT_TRUE(events_.sample());
  EXPECT_EQ(now(), clock_.wall_now());
  EXPECT_EQ(events_.state().steps, 1U);
  EXPECT_EQ(events_.state().last_step, hours(2));
  EXPECT_EQ(events_.state().ahead, seconds(0));
}

TEST_F(EventClockTest, RunsAtHalfSpeedWhenTheWallClockWasSetBack) {
  const auto before = now();
  clock_.set_wall_by(seconds(-10));
  EXPECT_TRUE(events_.sample());
  EXPECT_EQ(events_.state().ahead, seconds(10));
  clock_.advance(seconds(1));
  EXPECT_EQ(now() - before, milliseconds(500));
  EXPECT_FALSE(events_.sample()) << "one step is counted once";
  pass_seconds(30);
  EXPECT_EQ(now(), clock_.wall_now());
  EXPECT_EQ(events_.state().ahead, seconds(0));
  EXPECT_EQ(events_.state().steps, 1U);
  EXPECT_EQ(events_.state().last_step, seconds(-10));
}

}  // namespace
}  // namespace mexport::monitor
