// SPDX-License-Identifier: MIT
#include "base/rate_limit.hpp"

#include <gtest/gtest.h>

namespace mexport::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Rate kRate{.interval = milliseconds(100), .burst = 5};

class RateLimitTest : public testing::Test {
 protected:
  int take(int count) {
    int taken = 0;
    for (int i = 0; i < count; ++i) taken += limit_.take(kRate, now_) ? 1 : 0;
    return taken;
  }

  SteadyTime now_{std::chrono::hours(1)};
  RateLimit limit_;
};

TEST_F(RateLimitTest, ABurstAtOnce) {
  EXPECT_EQ(take(100), 5);
  EXPECT_EQ(take(100), 0);
}

TEST_F(RateLimitTest, OneEachIntervalInTheLongRun) {
  take(5);
  int taken = 0;
  for (int i = 0; i < 1000; ++i) {
    now_ += milliseconds(10);
    taken += take(3);
  }
  EXPECT_EQ(taken, 100);
}

TEST_F(RateLimitTest, WhoIsSlowerIsNeverHeldUp) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(take(1), 1);
    now_ += kRate.interval;
  }
}

TEST_F(RateLimitTest, RestFillsNoMoreThanABurst) {
  take(5);
  now_ += seconds(1000);
  EXPECT_EQ(take(100), 5);
}

TEST_F(RateLimitTest, IsSmall) {
  EXPECT_EQ(sizeof(RateLimit), 8U);
}

}  // namespace
}  // namespace mexport::base
