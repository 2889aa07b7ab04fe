// SPDX-License-Identifier: MIT
#include "monitor/wake_up.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace mexport::monitor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

TEST(WakeUp, SleepsAtMostAsLongAsAsked) {
  WakeUp wake_up;
  wake_up.prepare();
  const auto begin = Clock::now();
  wake_up.wait(milliseconds(5));
  EXPECT_GE(Clock::now() - begin, milliseconds(4));
}

TEST(WakeUp, ASignalBetweenPrepareAndWaitIsNotLost) {
  WakeUp wake_up;
  wake_up.prepare();
  wake_up.signal();
  const auto begin = Clock::now();
  wake_up.wait(seconds(60));
  EXPECT_LT(Clock::now() - begin, seconds(30));
}

TEST(WakeUp, WakesTheSleeper) {
  WakeUp wake_up;
  wake_up.prepare();
  std::thread writer([&] { wake_up.signal(); });
  const auto begin = Clock::now();
  wake_up.wait(seconds(60));
  EXPECT_LT(Clock::now() - begin, seconds(30));
  writer.join();
}

}  // namespace
}  // namespace mexport::monitor
