// SPDX-License-Identifier: MIT
// What the reference answered, asked again without sockets.
#include "tests/unit/api/recorded.hpp"
#include "tests/unit/api/test_sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mexport::api {
namespace {

using namespace testing;
using ::testing::HasSubstr;

const std::string kGolden = MEXPORT_VECTORS "/golden/";

/// Refused before there is a request; the server's tests ask for these.
const std::set<std::string> kNoRequest{"bad-request-line", "ping-no-host", "want-header-2MiB"};

::testing::AssertionResult same(const Answer& ours, const Answer& recorded) {
  if (ours == recorded) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << ours.status << " " << ::testing::PrintToString(ours.headers) << " " << ours.body
         << "; recorded: " << recorded.status << " " << ::testing::PrintToString(recorded.headers)
         << " " << recorded.body;
}

TEST(ReferenceApi, AnswersAsRecordedWithoutAProbe) {
  TestApi test;
  int compared = 0;
  for (const auto& exchange : read_exchanges(kGolden + "http-probe-off.jsonl")) {
    if (kNoRequest.contains(exchange.name)) continue;
    const auto request = to_request(exchange.request);
    EXPECT_TRUE(same(to_answer(request, test.api.answer(request)), to_answer(exchange.response)))
        << exchange.name;
    ++compared;
  }
  EXPECT_EQ(compared, 29);
}

TEST(ReferenceApi, AnswersAsRecordedWithAProbeWhatNeedsNone) {
  TestApi test;
  int compared = 0;
  for (const auto& exchange : read_exchanges(kGolden + "http-probe-on.jsonl")) {
    if (kNoRequest.contains(exchange.name) || needs_peers(exchange)) continue;
    const auto request = to_request(exchange.request);
    EXPECT_TRUE(same(to_answer(request, test.api.answer(request)), to_answer(exchange.response)))
        << exchange.name;
    ++compared;
  }
  EXPECT_EQ(compared, 61);
}

/// What the reference broadcast is a good request for us too, except for what made peers drop it.
TEST(ReferenceApi, TakesTheRequestsThatTheReferenceBroadcast) {
  TestApi test;
  int compared = 0;
  for (const auto& exchange : read_exchanges(kGolden + "http-probe-on.jsonl")) {
    if (!needs_peers(exchange) || !exchange.request.starts_with("POST")) continue;
    if (exchange.name == "want-big-body-8MiB") continue;  // cut in the record
    const auto response = test.api.answer(to_request(exchange.request));
    EXPECT_EQ(response.status, 400U);
    const bool null_cid = exchange.name.ends_with("-cid-null");
    EXPECT_THAT(response.body, HasSubstr(null_cid ? "invalid request" : "probe not enabled"))
        << exchange.name;
    ++compared;
  }
  EXPECT_EQ(compared, 57);
}

TEST(ReferenceApi, ABrowserGetsALandingPageWithLinksThatLeadSomewhere) {
  TestApi test;
  const auto page =
      test.api.answer({.method = "GET", .path = "/", .accept = "text/html,*/*", .loopback = true});
  EXPECT_EQ(page.content_type, kHtml);
  int links = 0;
  for (auto at = page.body.find("href=\""); at != std::string::npos;
       at = page.body.find("href=\"", at)) {
    at += 6;
    const auto path = page.body.substr(at, page.body.find('"', at) - at);
    EXPECT_NE(test.api.router().find("GET", path), nullptr) << path;
    ++links;
  }
  EXPECT_GE(links, 7);
}

TEST(ReferenceApi, SaysThatItIsClosing) {
  TestApi test;
  const auto answer =
      test.api.answer_while_closing({.method = "GET", .path = "/metric_plugin/v1/ping"});
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.body, "{\"status\":503,\"error\":\"server closing\"}\n");
  EXPECT_EQ(test.api.answer_while_closing({.method = "GET", .path = "/readyz"}).status, 503U);
  EXPECT_EQ(test.api.answer_while_closing({.method = "GET", .path = "/healthz"}).status, 200U);
}

}  // namespace
}  // namespace mexport::api
