// SPDX-License-Identifier: MIT
#include "api/access.hpp"

#include "tests/unit/api/test_sources.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::api {
namespace {

using testing::kToken;

unsigned status(const Request& request, Guard guard) {
  const auto refusal = refuse(request, guard, kToken);
  return refusal ? refusal->status : 200;
}

Request local(const std::string& host) {
  return {.method = "GET", .path = "/", .host = host, .loopback = true};
}

Request remote(const std::string& authorization) {
  return {.method = "GET", .path = "/", .host = "mon.example.org", .authorization = authorization};
}

TEST(Access, OnLoopbackTheHostMustBeThisMachine) {
  for (const auto* host : {"localhost", "localhost:8432", "127.0.0.1:1", "127.9.9.9", "[::1]:8432",
                           "[::1]", "[::ffff:127.0.0.1]:80", ""}) {
    EXPECT_EQ(status(local(host), Guard::token), 200U) << host;
  }
  for (const auto* host : {"evil.example", "evil.example:8432", "127.0.0.1.evil.example", "[::2]",
                           "10.0.0.1:8432", "localhost.evil.example", "[::1"}) {
    EXPECT_EQ(status(local(host), Guard::token), 403U) << host;
    EXPECT_EQ(status(local(host), Guard::local), 403U) << host;
    EXPECT_EQ(status(local(host), Guard::open), 200U) << host;
  }
}

TEST(Access, FromElsewhereATokenIsNeeded) {
  EXPECT_EQ(status(remote(""), Guard::token), 401U);
  EXPECT_EQ(status(remote("Bearer " + std::string(kToken)), Guard::token), 200U);
  for (const auto* wrong : {"Bearer ", "Bearer 0123456789abcdeF", "Bearer 0123456789abcde",
                            "0123456789abcdef", "Basic 0123456789abcdef"}) {
    EXPECT_EQ(status(remote(wrong), Guard::token), 401U) << wrong;
  }
  EXPECT_EQ(status(remote(""), Guard::local), 200U);
  EXPECT_EQ(status(remote(""), Guard::open), 200U);
}

TEST(Access, PagesOfOtherSitesAreRefused) {
  auto request = local("localhost:8432");
  request.origin = "http://localhost:8432";
  request.fetch_site = "same-origin";
  EXPECT_EQ(status(request, Guard::token), 200U);
  request.fetch_site = "cross-site";
  EXPECT_EQ(status(request, Guard::token), 403U);
  request.fetch_site.clear();
  for (const auto* origin : {"http://evil.example", "null", "http://localhost:80"}) {
    request.origin = origin;
    EXPECT_EQ(status(request, Guard::token), 403U) << origin;
  }
}

TEST(Access, HoldsForWhatShowsPeersOrChangesState) {
  testing::TestApi test;
  for (const auto& route : test.api.router().routes()) {
    const bool ours = route.path.starts_with("/api/v1/");
    const bool harmless = route.path == "/api/v1/status" || route.path == "/api/v1/openapi.json";
    const auto expected = !ours ? Guard::open : harmless ? Guard::local : Guard::token;
    EXPECT_EQ(route.guard, expected) << route.path;
  }
}

TEST(Access, NoAnswerMayBeReadByOtherSites) {
  testing::TestApi test;
  for (const auto& route : test.api.router().routes()) {
    const auto response = test.api.answer({.method = route.method,
                                           .path = route.path,
                                           .host = "localhost",
                                           .origin = "http://localhost",
                                           .loopback = true});
    for (const auto& [name, value] : response.headers) {
      EXPECT_FALSE(name.starts_with("Access-Control")) << route.path;
    }
  }
}

}  // namespace
}  // namespace mexport::api
