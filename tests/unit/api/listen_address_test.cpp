// SPDX-License-Identifier: MIT
#include "api/listen_address.hpp"

#include "api/http_date.hpp"

#include <gtest/gtest.h>

namespace mexport::api {
namespace {

TEST(ListenAddress, IsAHostAndAPort) {
  for (const auto* text :
       {"localhost:8432", "0.0.0.0:1444", "[::1]:0", ":80", "mon.example.org:1"}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
  EXPECT_EQ(parse_listen_address("[::1]:8432")->host, "::1");
  EXPECT_EQ(parse_listen_address(":80")->host, "");
}

TEST(ListenAddress, NothingElseIs) {
  for (const auto* text :
       {"", "localhost", "localhost:", "localhost:x", "localhost:65536", "localhost:-1", "::1:80",
        "[::1]", "[]:80", "a b:80", "http://h:80", "h:80/x", "[[::1]]:80"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

TEST(HttpDate, IsAsTheStandardHasIt) {
  EXPECT_EQ(http_date(std::chrono::sys_seconds(std::chrono::seconds(784'111'777))),
            "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace mexport::api
