// SPDX-License-Identifier: MIT
#include "api/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace mexport::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Target, IsTakenApart) {
  const auto target = parse_target("/a%2Fb/c+d?x=1&y=%20");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b/c+d");
  EXPECT_EQ(target->query, "x=1&y=%20");
  EXPECT_TRUE(target->has_query);
  EXPECT_FALSE(parse_target("/a")->has_query);
  EXPECT_TRUE(parse_target("/a?")->has_query);
  EXPECT_EQ(parse_target("//a//b")->path, "//a//b");
  EXPECT_EQ(parse_target("*")->path, "*");
}

TEST(Target, OfAUrlIsWhatStandsBehindItsHost) {
  EXPECT_EQ(parse_target("http://h:1/a?b")->path, "/a");
  EXPECT_EQ(parse_target("http://h:1/a?b")->query, "b");
  EXPECT_EQ(parse_target("https://h")->path, "/");
  EXPECT_EQ(parse_target("http://h?b")->path, "/");
}

TEST(Target, IsRefusedWhenItIsNone) {
  for (const auto* text : {"", "a", "a/b", "?", "/%", "/%2", "/%zz", "/\x7f", "ftp://h/"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
  EXPECT_FALSE(parse_target(std::string_view("/a\0b", 4)));
}

TEST(CleanPath, LeavesOutWhatLeadsNowhere) {
  constexpr std::array<std::pair<const char*, const char*>, 14> kCases{{{"", "/"},
                                                                        {"/", "/"},
                                                                        {"a", "/a"},
                                                                        {"//", "/"},
                                                                        {"/a//b", "/a/b"},
                                                                        {"/a/./b", "/a/b"},
                                                                        {"/a/b/", "/a/b/"},
                                                                        {"/a/../b", "/b"},
                                                                        {"/../a", "/a"},
                                                                        {"/..", "/"},
                                                                        {"/a/.", "/a/"},
                                                                        {"/a/..", "/"},
                                                                        {"/a/b/..", "/a/"},
                                                                        {"/.a/..b", "/.a/..b"}}};
  for (const auto& [path, clean] : kCases) EXPECT_EQ(clean_path(path), clean) << path;
}

TEST(Query, GivesValuesByName) {
  EXPECT_THAT(query_values("a=1&b=2&a=3+4&a&%61=%35", "a"), ElementsAre("1", "3 4", "", "5"));
  EXPECT_THAT(query_values("a=%zz&x;a=1", "a"), IsEmpty());
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_value("", "a"), "");
  EXPECT_THAT(query_names("&a=1&&b&%63="), ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace mexport::api
