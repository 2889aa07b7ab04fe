// SPDX-License-Identifier: MIT
#include "node/latency_window.hpp"

#include <gtest/gtest.h>

namespace mexport::node {
namespace {

using namespace std::chrono_literals;

TEST(LatencyWindow, RemembersTheWorstForAMinuteAndForgetsAfterTwo) {
  LatencyWindow window;
  const base::SteadyTime start{1h};
  EXPECT_EQ(window.update(5ms, start), 5ms);
  EXPECT_EQ(window.update(1ms, start + 30s), 5ms);
  EXPECT_EQ(window.update(2ms, start + 61s), 5ms);
  EXPECT_EQ(window.update(1ms, start + 122s), 2ms);
  EXPECT_EQ(window.update(0ms, start + 400s), 0ms);
}

}  // namespace
}  // namespace mexport::node
