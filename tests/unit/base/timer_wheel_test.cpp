// SPDX-License-Identifier: MIT
#include "base/timer_wheel.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace mexport::base {
namespace {

using std::chrono::milliseconds;

struct Alarm {
  explicit Alarm(std::vector<int>* log = nullptr, int id = 0)
      : timer([](void* self) { static_cast<Alarm*>(self)->ring(); }, this),
        fired(log),
        number(id) {}
  void ring() {
    ++count;
    if (fired != nullptr) fired->push_back(number);
  }
  Timer timer;
  std::vector<int>* fired;
  int number;
  int count = 0;
};

class TimerWheelTest : public testing::Test {
 protected:
  SteadyTime at(std::int64_t ms) const { return start + milliseconds(ms); }
  SteadyTime start{};
  TimerWheel wheel{start};
};

TEST_F(TimerWheelTest, RunsNotBeforeItsTimeAndOnce) {
  Alarm alarm;
  wheel.arm(alarm.timer, at(10));
  wheel.advance(at(9));
  EXPECT_EQ(alarm.count, 0);
  wheel.advance(at(10));
  wheel.advance(at(1000));
  EXPECT_EQ(alarm.count, 1);
  EXPECT_FALSE(alarm.timer.armed());
}

TEST_F(TimerWheelTest, DisarmAndDestroy) {
  Alarm kept;
  {
    Alarm gone;
    wheel.arm(gone.timer, at(5));
    wheel.arm(kept.timer, at(5));
  }
  wheel.advance(at(6));
  EXPECT_EQ(kept.count, 1);
  wheel.arm(kept.timer, at(20));
  kept.timer.disarm();
  wheel.advance(at(30));
  EXPECT_EQ(kept.count, 1);
  EXPECT_EQ(wheel.armed_count(), 0U);
}

TEST_F(TimerWheelTest, ATimerThatArmsItselfForNowDoesNotLoop) {
  struct Again {
    explicit Again(TimerWheel& w)
        : timer([](void* s) { static_cast<Again*>(s)->ring(); }, this), wheel(w) {}
    void ring() {
      ++count;
      wheel.arm(timer, SteadyTime{});
    }
    Timer timer;
    TimerWheel& wheel;
    int count = 0;
  } again(wheel);
  wheel.arm(again.timer, at(0));
  wheel.advance(at(0));
  EXPECT_EQ(again.count, 1);
  wheel.advance(at(3));
  EXPECT_EQ(again.count, 4);
}

TEST_F(TimerWheelTest, NextExpiryIsNeverLate) {
  EXPECT_EQ(wheel.next_expiry(), std::nullopt);
  Alarm alarm;
  wheel.arm(alarm.timer, at(70'000));
  int wakes = 0;
  while (alarm.count == 0) {
    const auto next = wheel.next_expiry();
    ASSERT_TRUE(next.has_value());
    ASSERT_LE(*next, at(70'000));
    wheel.advance(*next);
    ++wakes;
  }
  EXPECT_LT(wakes, 1000);
}

// Against a plain sorted list, with jumps of all sizes.
TEST_F(TimerWheelTest, AgreesWithASortedList) {
  SeededRandom random(42);
  for (int round = 0; round < 50; ++round) {
    std::vector<int> fired;
    std::vector<std::unique_ptr<Alarm>> alarms;
    std::vector<std::pair<std::int64_t, int>> expected;
    const auto base = static_cast<std::int64_t>(round) * 10'000'000;
    wheel.advance(at(base));
    for (int i = 0; i < 200; ++i) {
      const auto delay = static_cast<std::int64_t>(random.below(1ULL << (1 + random.below(23))));
      alarms.push_back(std::make_unique<Alarm>(&fired, i));
      wheel.arm(alarms.back()->timer, at(base + 1 + delay));
      expected.emplace_back(base + 1 + delay, i);
    }
    std::int64_t now = base;
    std::size_t seen = 0;
    std::sort(expected.begin(), expected.end());
    while (seen < expected.size()) {
      now += 1 + static_cast<std::int64_t>(random.below(1ULL << random.below(20)));
      wheel.advance(at(now));
      std::size_t due = seen;
      while (due < expected.size() && expected[due].first <= now) ++due;
      ASSERT_EQ(fired.size(), due) << "round " << round << " at " << now;
      seen = due;
    }
  }
}

}  // namespace
}  // namespace mexport::base
