// SPDX-License-Identifier: MIT
#include "export/trace_line.hpp"

#include "export/json_scanner.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::exporter {
namespace {

std::vector<std::string> members(std::string_view object, bool* complete = nullptr) {
  JsonScanner scanner(object);
  std::vector<std::string> out;
  while (const auto member = scanner.next_member()) {
    out.push_back(std::string(member->key) + "=" + std::string(member->value));
  }
  if (complete) *complete = scanner.complete();
  return out;
}

using Texts = std::vector<std::string>;

TEST(JsonScanner, WalksOverMembers) {
  bool complete = false;
  EXPECT_EQ(members(R"( { "a" : 1 , "b":{"x":"}"},"c":["]",[]],"d\"":"e\\" } )", &complete),
            (Texts{"a=1", R"(b={"x":"}"})", R"(c=["]",[]])", R"(d\"="e\\")"}));
  EXPECT_TRUE(complete);
  EXPECT_TRUE(members("{}", &complete).empty());
  EXPECT_TRUE(complete);
}

TEST(JsonScanner, WalksOverElements) {
  JsonScanner scanner(R"([1, "two", {"three":3}])");
  EXPECT_EQ(scanner.next_element(), "1");
  EXPECT_EQ(scanner.next_element(), R"("two")");
  EXPECT_EQ(scanner.next_element(), R"({"three":3})");
  EXPECT_FALSE(scanner.next_element());
  EXPECT_TRUE(scanner.complete());
}

TEST(JsonScanner, SeesWhatIsMalformed) {
  for (const auto* text : {"", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
                           "{\"a\":1,}", "{\"a\":\"x}", "{\"a\":{\"b\":1}", "{a:1}", "{\"a\" 1}",
                           "{} x", "{\"a\":1 \"b\":2}", "{\"a\":}", "{\"a\":\"\\"}) {
    bool complete = true;
    members(text, &complete);
    EXPECT_FALSE(complete) << text;
  }
}

TEST(JsonScanner, FindsAMember) {
  EXPECT_EQ(find_member(R"({"a":1,"b":"x"})", "b"), R"("x")");
  EXPECT_FALSE(find_member(R"({"a":1})", "b"));
  EXPECT_EQ(string_content(R"("x")"), "x");
  EXPECT_FALSE(string_content("1"));
  EXPECT_FALSE(string_content("\""));
}

TEST(TraceLine, HasItsParts) {
  const std::string text =
      R"({"timestamp":"2026-11-22T20:28:33Z","peer":"Qm","gap":{"a":1},"ext":{"seq":7}})";
  const auto line = parse_trace_line(text);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->timestamp, "2026-11-22T20:28:33Z");
  EXPECT_EQ(line->peer, "Qm");
  EXPECT_EQ(line->kind, "gap");
  EXPECT_EQ(line->body, R"({"a":1})");
  EXPECT_EQ(line->sequence, 7U);
}

TEST(TraceLine, TakesTheReferencesEvents) {
  const auto line = parse_trace_line(
      R"({"timestamp":"t","peer":"p","connection_event":{"remote":"r"},"more":1})");
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->ext.empty());
  EXPECT_FALSE(line->sequence);
}

TEST(TraceLine, RefusesOtherThings) {
  for (const auto* text :
       {"", "x", "{}", R"({"peer":"p","gap":{}})", R"({"timestamp":"t","gap":{}})",
        R"({"timestamp":"t","peer":"p"})", R"({"timestamp":1,"peer":"p","gap":{}})",
        R"({"timestamp":"t","peer":"p","gap":{},"heartbeat":{}})",
        R"({"timestamp":"t","peer":"p","gap":{}} )"
        "x",
        R"({"timestamp":"t","peer":"p","gap":{})"}) {
    EXPECT_FALSE(parse_trace_line(text)) << text;
  }
}

TEST(Timestamp, ReadsRfc3339) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_timestamp("2026-11-22T20:28:33.20181057Z"), 1'795'379'313'201'810'570);
  EXPECT_EQ(parse_timestamp("2026-11-22T21:28:33.5+01:00"), 1'795'379'313'500'000'000);
  EXPECT_EQ(parse_timestamp("2026-11-22T14:58:33-05:30"), 1'795'379'313'000'000'000);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00.000000001999Z"), 1);
}

TEST(Timestamp, RefusesOtherTexts) {
  for (const auto* text :
       {"", "2026-11-22", "2026-11-22T20:28:33", "2026-13-22T20:28:33Z", "2026-02-30T20:28:33Z",
        "2026-11-22T24:28:33Z", "2026-11-22T20:60:33Z", "2026-11-22T20:28:33.Z",
        "2026-11-22T20:28:33.0000000000000Z", "2026-11-22T20:28:33Zx", "2026-11-22T20:28:33+0100",
        "9999-11-22T20:28:33Z", "-026-11-22T20:28:33Z", "2026-11-22T20:28:33+1:00"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(Number, TakesDigitsAlone) {
  EXPECT_EQ(parse_number("18446744073709551615"), 18446744073709551615U);
  for (const auto* text : {"", "-1", "1.0", " 1", "1e3", "18446744073709551616"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

}  // namespace
}  // namespace mexport::exporter
