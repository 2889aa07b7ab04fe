// SPDX-License-Identifier: MIT
// The reference's broadcasts: what it answered, from a host that reports the same.
#include "tests/unit/api/recorded.hpp"
#include "tests/unit/api/telling_host.hpp"
#include "tests/unit/api/test_sources.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace mexport::api {
namespace {

using namespace testing;
using monitor::AskKind;
using ::testing::HasSubstr;

base::WallTime time_of(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int size = 0;
  std::sscanf(text.c_str(), "%d-%u-%uT%d:%d:%d%n", &year, &month, &day, &hour, &minute, &second,
              &size);
  std::string digits = text.substr(static_cast<std::size_t>(size));
  digits = digits.substr(digits.empty() || digits[0] != '.' ? 0 : 1);
  digits.pop_back();  // Z
  digits.resize(9, '0');
  using namespace std::chrono;
  return base::WallTime(sys_days(year_month_day(std::chrono::year(year), std::chrono::month(month),
                                                std::chrono::day(day))) +
                        hours(hour) + minutes(minute) + seconds(second) +
                        nanoseconds(std::stol(digits)));
}

monitor::SendReport sent_of(const boost::json::object& recorded) {
  monitor::SendReport sent;
  sent.before = time_of(recorded.at("timestamp_before_send").as_string().c_str());
  sent.took = std::chrono::milliseconds(recorded.at("send_duration_millis").as_int64());
  if (const auto* error = recorded.if_contains("error")) sent.error = error->as_string().c_str();
  if (const auto* type = recorded.if_contains("request_type_sent")) {
    sent.want_type = static_cast<wire::WantType>(type->as_int64());
  }
  return sent;
}

std::vector<monitor::PeerReport> reports_of(const std::string& body) {
  std::vector<monitor::PeerReport> reports;
  const auto recorded = boost::json::parse(body);
  for (const auto& value : recorded.at("result").at("peers").as_array()) {
    const auto& peer = value.as_object();
    monitor::PeerReport report;
    report.peer = peer.at("peer").as_string().c_str();
    if (peer.contains("want_status")) {
      report.want = sent_of(peer.at("want_status").as_object());
      report.cancel = sent_of(peer.at("cancel_status").as_object());
    } else {
      report.want = report.cancel = sent_of(peer);
    }
    reports.push_back(report);
  }
  return reports;
}

struct BroadcastApi {
  TellingHost host;
  TestClock clock;
  monitor::Probe probe{host, clock};
  TestApi test{&probe};

  Response answer(const Request& request) {
    auto response = test.api.answer(request);
    if (!response.pending) return response;
    EXPECT_TRUE(response.pending->ready());
    return response.pending->take();
  }
};

/// Without what can be sent to nobody here: identity CIDs are asked of none, null is no CID.
bool is_broadcast(const Exchange& exchange) {
  return exchange.request.starts_with("POST") && needs_peers(exchange) &&
         !exchange.name.ends_with("-cid-null") && exchange.name != "want-big-body-8MiB";
}

TEST(Broadcast, AnswersAsRecorded) {
  int compared = 0;
  for (const auto* file : {"http-probe-on", "http-peer-resets-streams"}) {
    for (const auto& exchange :
         read_exchanges(std::string(MEXPORT_VECTORS "/golden/") + file + ".jsonl")) {
      if (!is_broadcast(exchange)) continue;
      BroadcastApi api;
      const auto recorded = to_answer(exchange.response);
      api.host.reports = reports_of(recorded.body);
      const auto request = to_request(exchange.request);
      const auto ours = to_answer(request, api.answer(request));
      EXPECT_EQ(ours.status, recorded.status) << exchange.name;
      EXPECT_EQ(ours.headers, recorded.headers) << exchange.name;
      EXPECT_EQ(ours.body, recorded.body) << exchange.name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 54);
}

constexpr const char* kOne =
    R"({"cids":[{"/":"bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}],)"
    R"("seconds_before_cancel":7})";

TEST(Broadcast, AsksForWhatTheMethodSays) {
  BroadcastApi api;
  const std::string base = "/metric_plugin/v1/";
  for (const auto* method : {"broadcast_want", "broadcast_cancel", "broadcast_want_cancel"}) {
    EXPECT_TRUE(api.test.post(base + method, kOne).pending);
  }
  ASSERT_EQ(api.host.asked.size(), 3U);
  EXPECT_EQ(api.host.asked[0].kind, AskKind::want);
  EXPECT_EQ(api.host.asked[1].kind, AskKind::cancel);
  EXPECT_EQ(api.host.asked[1].cancel_after.count(), 0);
  EXPECT_EQ(api.host.asked[2].kind, AskKind::want_cancel);
  EXPECT_EQ(api.host.asked[2].cancel_after.count(), 7);
  EXPECT_EQ(api.host.asked[2].cids.size(), 1U);
}

TEST(Broadcast, TellsOfFailures) {
  BroadcastApi api;
  api.host.reports = {{.peer = "p",
                       .want = {.before = api.test.clock.wall,
                                .took = std::chrono::seconds(30),
                                .want_type = {},
                                .error = "timed \"out\""},
                       .cancel = {}}};
  auto response = api.test.post("/metric_plugin/v1/broadcast_want", kOne);
  EXPECT_EQ(response.pending->take().body,
            R"({"status":200,"result":{"peers":[{"timestamp_before_send":"2026-01-02T03:04:05Z",)"
            R"("send_duration_millis":30000,"error":"timed \"out\"","peer":"p"}]}})"
            "\n");
}

TEST(Broadcast, AHostThatStopsClosesTheServerForIt) {
  BroadcastApi api;
  api.host.stopped = true;
  auto response = api.test.post("/metric_plugin/v1/broadcast_want", kOne);
  const auto answer = response.pending->take();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.body, "{\"status\":503,\"error\":\"server closing\"}\n");
}

TEST(Broadcast, WhoeverGoesTakesBackWhatIsNotSent) {
  BroadcastApi api;
  api.host.ends = false;
  auto response = api.test.post("/metric_plugin/v1/broadcast_want", kOne);
  EXPECT_FALSE(response.pending->ready());
  EXPECT_FALSE(api.host.listener->abandoned());
  response.pending.reset();
  EXPECT_TRUE(api.host.listener->abandoned());
}

TEST(Broadcast, LimitsAreNamed) {
  BroadcastApi api;
  const auto late = api.test.post("/metric_plugin/v1/broadcast_want_cancel",
                                  R"({"cids":[],"seconds_before_cancel":86401})");
  EXPECT_EQ(late.status, 400U);
  EXPECT_THAT(late.body, HasSubstr("seconds_before_cancel: 86400 at most"));
  api.host.ends = false;
  std::vector<Response> waiting;
  for (std::size_t i = 0; i < api.probe.limits().requests; ++i) {
    waiting.push_back(api.test.post("/metric_plugin/v1/broadcast_want", kOne));
    EXPECT_TRUE(waiting.back().pending);
    api.host.listener.reset();
  }
  const auto refused = api.test.post("/metric_plugin/v1/broadcast_want", kOne);
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(refused.body, HasSubstr("8 requests are under way"));
}

}  // namespace
}  // namespace mexport::api
