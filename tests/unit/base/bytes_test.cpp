// SPDX-License-Identifier: MIT
#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace mexport::base {
namespace {

TEST(Hex, RoundTrip) {
  const Bytes bytes{0x00, 0x7f, 0xff, 0x10};
  EXPECT_EQ(to_hex(bytes), "007fff10");
  Bytes back;
  ASSERT_TRUE(from_hex("007FFf10", back));
  EXPECT_EQ(back, bytes);
}

TEST(Hex, RefusesOddLengthAndOtherCharacters) {
  Bytes out;
  EXPECT_FALSE(from_hex("abc", out));
  EXPECT_FALSE(from_hex("zz", out));
}

}  // namespace
}  // namespace mexport::base
