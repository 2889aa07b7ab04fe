// SPDX-License-Identifier: MIT
#include "export/json_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

std::string as_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string timestamp(std::int64_t nanoseconds) {
  std::string out;
  TimestampWriter().append(out, base::WallTime(std::chrono::nanoseconds(nanoseconds)));
  return out;
}

// Expected texts are what Go 1.19's json.Marshal gives.
TEST(JsonString, EscapesAsGoDoes) {
  EXPECT_EQ(as_json(""), R"("")");
  EXPECT_EQ(as_json("kubo/0.43.0"), R"("kubo/0.43.0")");
  EXPECT_EQ(as_json("<script>&"), R"("\u003cscript\u003e\u0026")");
  EXPECT_EQ(as_json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(as_json("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(as_json(std::string("\0\x01\b\f\x1f", 5)), R"("\u0000\u0001\u0008\u000c\u001f")");
  EXPECT_EQ(as_json("\x7f'/"), "\"\x7f'/\"");
}

TEST(JsonString, LeavesUtf8AndEscapesLineSeparators) {
  EXPECT_EQ(as_json("h\u00e9 \u20ac \U0001f600"), "\"h\u00e9 \u20ac \U0001f600\"");
  EXPECT_EQ(as_json("a\u2028b\u2029c\u2027d"), "\"a\\u2028b\\u2029c\u2027d\"");
}

TEST(JsonString, ReplacesEachInvalidByte) {
  EXPECT_EQ(as_json("a\xff"
                    "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(as_json("\xc3"), R"("\ufffd")");
  EXPECT_EQ(as_json("\xe2\x82"), R"("\ufffd\ufffd")");
  EXPECT_EQ(as_json("\xc0\x80"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(as_json("\xe0\x80\x80"), R"("\ufffd\ufffd\ufffd")");            // overlong
  EXPECT_EQ(as_json("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // a surrogate
  EXPECT_EQ(as_json("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // above U+10FFFF
  EXPECT_EQ(as_json("\xf0\x8f\xbf\xbf"), R"("\ufffd\ufffd\ufffd\ufffd")");  // overlong
  EXPECT_EQ(as_json("\xe2\x28\xa1"), R"("\ufffd(\ufffd")");
}

TEST(JsonStrings, AreAListEvenWhenEmpty) {
  std::string out;
  append_json_strings(out, {});
  append_json_strings(out, std::vector<std::string>{"a", "<"});
  EXPECT_EQ(out, R"([]["a","\u003c"])");
}

TEST(JsonInteger, ReachesItsLimits) {
  std::string out;
  append_json_integer(out, std::numeric_limits<std::int32_t>::min());
  out.push_back(' ');
  append_json_integer(out, std::numeric_limits<std::uint64_t>::max());
  out.push_back(' ');
  append_json_integer(out, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(out, "-2147483648 18446744073709551615 -9223372036854775808");
}

TEST(Timestamp, DropsTrailingZerosAsGoDoes) {
  constexpr std::int64_t kSecond = 1'795'379'313;  // 2026-11-22T20:28:33Z
  EXPECT_EQ(timestamp(kSecond * 1'000'000'000), R"("2026-11-22T20:28:33Z")");
  EXPECT_EQ(timestamp(kSecond * 1'000'000'000 + 201'810'570), R"("2026-11-22T20:28:33.20181057Z")");
  EXPECT_EQ(timestamp(kSecond * 1'000'000'000 + 1), R"("2026-11-22T20:28:33.000000001Z")");
  EXPECT_EQ(timestamp(kSecond * 1'000'000'000 + 500'000'000), R"("2026-11-22T20:28:33.5Z")");
}

TEST(Timestamp, CoversOtherTimes) {
  EXPECT_EQ(timestamp(0), R"("1970-01-01T00:00:00Z")");
  EXPECT_EQ(timestamp(-1), R"("1969-12-31T23:59:59.999999999Z")");
  EXPECT_EQ(timestamp(1'709'164'800'000'000'000), R"("2024-02-29T00:00:00Z")");
}

TEST(Timestamp, ForgetsTheSecondBefore) {
  TimestampWriter writer;
  std::string out;
  writer.append(out, base::WallTime(std::chrono::seconds(59)));
  writer.append(out, base::WallTime(std::chrono::seconds(60)));
  writer.append(out, base::WallTime(std::chrono::milliseconds(60'100)));
  EXPECT_EQ(out, R"("1970-01-01T00:00:59Z""1970-01-01T00:01:00Z""1970-01-01T00:01:00.1Z")");
}

}  // namespace
}  // namespace mexport::exporter
