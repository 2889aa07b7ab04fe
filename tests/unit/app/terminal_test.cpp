// SPDX-License-Identifier: MIT
#include "app/terminal.hpp"

#include <gtest/gtest.h>

namespace mexport::app {
namespace {

TEST(DrawAbove, ErasesAndRedrawsTheStatusLine) {
  EXPECT_EQ(draw_above("log\n", "status", 80), "\r\x1b[Klog\nstatus");
  EXPECT_EQ(draw_above("", "status", 80), "\r\x1b[Kstatus");
  EXPECT_EQ(draw_above("log\n", "", 80), "\r\x1b[Klog\n");
}

TEST(DrawAbove, LeavesTheLastColumnFree) {
  EXPECT_EQ(draw_above("", "0123456789", 10), "\r\x1b[K012345678");
  EXPECT_EQ(draw_above("", "0123456789", 11), "\r\x1b[K0123456789");
  EXPECT_EQ(draw_above("", "0123456789", 0), "\r\x1b[K");
}

}  // namespace
}  // namespace mexport::app
