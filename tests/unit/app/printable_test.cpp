// SPDX-License-Identifier: MIT
#include "app/printable.hpp"

#include <gtest/gtest.h>

namespace mexport::app {
namespace {

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(printable("kubo/0.43.0 – ünïcode 猫"), "kubo/0.43.0 – ünïcode 猫");
}

TEST(Printable, ShowsControlCharacters) {
  EXPECT_EQ(printable("a\nb\r\tc"), "a\\x0ab\\x0d\\x09c");
  EXPECT_EQ(printable(std::string_view("\0\x7f", 2)), "\\x00\\x7f");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
}

TEST(Printable, ShowsC1ControlsInUtf8) {
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "\\x9b2J");
  EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0");  // a space, no control
  EXPECT_EQ(printable("\xc2"), "\xc2");
}

}  // namespace
}  // namespace mexport::app
