// SPDX-License-Identifier: MIT
#include "config/quantity.hpp"

#include <gtest/gtest.h>

namespace mexport::config {
namespace {

using std::chrono::seconds;

TEST(Quantity, Durations) {
  EXPECT_EQ(parse_duration("90d"), std::chrono::days(90));
  EXPECT_EQ(parse_duration("2w"), std::chrono::days(14));
  EXPECT_EQ(parse_duration("36 h"), std::chrono::hours(36));
  EXPECT_EQ(parse_duration("5m"), seconds(300));
  EXPECT_EQ(parse_duration("0s"), seconds(0));
  for (const auto* const wrong :
       {"", "d", "90", "1.5d", "-1d", "90days", "1d1h", " 1d", "1  d", "18446744073709551615w"}) {
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  }
}

TEST(Quantity, Sizes) {
  EXPECT_EQ(parse_size("500GiB"), 500ULL << 30);
  EXPECT_EQ(parse_size("500 gib"), 500ULL << 30);
  EXPECT_EQ(parse_size("2TB"), 2'000'000'000'000U);
  EXPECT_EQ(parse_size("7B"), 7U);
  for (const auto* const wrong : {"", "GiB", "500", "500G", "-1B", "0x10B", "9000000TiB"}) {
    EXPECT_FALSE(parse_size(wrong)) << wrong;
  }
}

TEST(Quantity, Percentages) {
  EXPECT_EQ(parse_percent("80%"), 80U);
  EXPECT_EQ(parse_percent("1 %"), 1U);
  EXPECT_EQ(parse_percent("100%"), 100U);
  for (const auto* const wrong : {"", "%", "0%", "101%", "80", "8.5%", "-1%", "80%%"}) {
    EXPECT_FALSE(parse_percent(wrong)) << wrong;
  }
}

TEST(Quantity, AreWrittenAsTheyAreRead) {
  EXPECT_EQ(format_duration(std::chrono::days(90)), "90d");
  EXPECT_EQ(format_duration(seconds(90)), "90s");
  EXPECT_EQ(format_size(512ULL << 20), "512MiB");
  EXPECT_EQ(format_size(1'000'000), "1MB");
  EXPECT_EQ(format_size(1001), "1001B");
  for (const auto value : {1ULL, 60ULL, 3600ULL, 86'401ULL, 1ULL << 30}) {
    EXPECT_EQ(parse_duration(format_duration(seconds(value))), seconds(value));
    EXPECT_EQ(parse_size(format_size(value)), value);
  }
}

}  // namespace
}  // namespace mexport::config
