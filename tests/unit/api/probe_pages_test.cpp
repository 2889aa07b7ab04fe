// SPDX-License-Identifier: MIT
#include "api/probe_request.hpp"
#include "tests/unit/api/telling_host.hpp"
#include "tests/unit/api/test_sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mexport::api {
namespace {

using namespace testing;
using monitor::AnswerKind;
using ::testing::HasSubstr;

constexpr const char* kCid = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
constexpr const char* kPeer = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";

std::string body_of(const std::string& more) {
  return std::string(R"({"cids":[")") + kCid + "\"]" + more + "}";
}

struct ProbeApi {
  TellingHost host;
  TestClock clock;
  monitor::Probe probe{host, clock};
  TestApi test{&probe};

  void answer(const char* peer, AnswerKind kind, int after) {
    host.listener->on_answer({.peer = peer,
                              .cid = multiformats::Cid::from_string(kCid).value(),
                              .kind = kind,
                              .after = std::chrono::milliseconds(after)});
  }
};

TEST(ProbePages, AnswersComeAsLinesAndThenASummary) {
  ProbeApi api;
  api.host.ends = false;
  const auto response = api.test.post("/api/v1/probe", body_of(R"(,"seconds":3)"));
  ASSERT_TRUE(response.source);
  EXPECT_EQ(response.content_type, "application/x-ndjson");
  EXPECT_EQ(api.host.asked.at(0).kind, monitor::AskKind::want_cancel);
  EXPECT_EQ(api.host.asked[0].cancel_after.count(), 3);
  api.answer("a", AnswerKind::have, 70);  // before anybody listens
  int woken = 0;
  response.source->on_more([&] { ++woken; });
  std::string text;
  EXPECT_EQ(response.source->next(text), BodySource::Step::more);
  EXPECT_EQ(text, std::string(R"({"peer":"a","cid":")") + kCid +
                      R"(","answer":"have","after_ms":70})" + "\n");
  text.clear();
  EXPECT_EQ(response.source->next(text), BodySource::Step::wait);
  api.answer("b", AnswerKind::dont_have, 90);
  EXPECT_EQ(woken, 1);
  for (const auto* peer : {"a", "b", "c"}) {
    api.host.listener->on_peer({.peer = peer, .want = {}, .cancel = {}});
  }
  monitor::PeerReport failed{.peer = "d", .want = {}, .cancel = {}};
  failed.want.error = "timed out";
  api.host.listener->on_peer(std::move(failed));
  api.host.listener->on_done(false);
  EXPECT_EQ(response.source->next(text), BodySource::Step::end);
  EXPECT_EQ(text, std::string(R"({"peer":"b","cid":")") + kCid +
                      R"(","answer":"dont_have","after_ms":90})"
                      "\n"
                      R"({"peer":"d","error":"timed out"})"
                      "\n"
                      R"({"summary":{"request":1,"state":"done","peers_asked":4,"peers_failed":1,)"
                      R"("peers_silent":2,"cids":[{"cid":")" +
                      kCid + R"(","have":1,"dont_have":1,"blocks":0,"first_ms":70}]}})" + "\n");
}

TEST(ProbePages, WhoeverGoesTakesBackWhatIsNotSent) {
  ProbeApi api;
  api.host.ends = false;
  auto response = api.test.post("/api/v1/probe", body_of(""));
  EXPECT_FALSE(api.host.listener->abandoned());
  response.source.reset();
  EXPECT_TRUE(api.host.listener->abandoned());
}

TEST(ProbePages, RequestsAreListed) {
  ProbeApi api;
  EXPECT_EQ(api.test.get("/api/v1/probe").body, "{\"requests\":[]}\n");
  api.host.reports = {{.peer = "a", .want = {}, .cancel = {}}};
  const auto broadcast = api.test.post("/metric_plugin/v1/broadcast_want",
                                       std::string(R"({"cids":[{"/":")") + kCid + "\"}]}");
  api.answer("a", AnswerKind::block, 5);
  EXPECT_EQ(api.test.get("/api/v1/probe").body,
            std::string(R"({"requests":[{"request":1,"kind":"want","state":"done",)"
                        R"("started_at":"2026-01-02T03:04:05Z","seconds_before_cancel":0,)"
                        R"("cid_count":1,"cids":[")") +
                kCid +
                R"("],"peers_asked":1,"peers_failed":0,"peers_silent":0,"have":0,"dont_have":0,)"
                R"("blocks":1}]})"
                "\n");
}

TEST(ProbePages, SaysWhatIsWrong) {
  ProbeApi api;
  const auto error = [&](const std::string& body) {
    const auto response = api.test.post("/api/v1/probe", body);
    EXPECT_EQ(response.status, 400U) << body;
    return response.body;
  };
  EXPECT_THAT(error("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(error("{}"), HasSubstr("there are no cids"));
  EXPECT_THAT(error(R"({"cids":7})"), HasSubstr("cids is no list"));
  EXPECT_THAT(error(R"({"cids":["x"]})"), HasSubstr(R"(\"x\" is no CID)"));
  EXPECT_THAT(error(R"({"cids":[{"a":1}]})"), HasSubstr("is no CID"));
  EXPECT_THAT(error(body_of(R"(,"peers":["x"])")), HasSubstr("is no peer id"));
  EXPECT_THAT(error(body_of(R"(,"agent":7)")), HasSubstr("agent is no text"));
  EXPECT_THAT(error(body_of(R"(,"seconds":0)")), HasSubstr("seconds is no whole number"));
  EXPECT_THAT(error(body_of(R"(,"seconds":1.5)")), HasSubstr("seconds is no whole number"));
  EXPECT_THAT(error(body_of(R"(,"seconds":90000)")), HasSubstr("86400 at most"));
  EXPECT_THAT(error(body_of(R"(,"more":1)")), HasSubstr("there are only"));
  std::string many = R"({"cids":[)";
  for (std::size_t i = 0; i <= kMaxFollowedCids; ++i) {
    many += (i > 0 ? ",\"" : "\"") + std::string(kCid) + "\"";
  }
  EXPECT_THAT(error(many + "]}"), HasSubstr("65 CIDs, 64 are allowed"));
  EXPECT_TRUE(api.host.asked.empty());
}

TEST(ProbePages, ReadsWhomToAsk) {
  const auto ask =
      parse_probe_request(body_of(std::string(R"(,"peers":[")") + kPeer + R"("],"agent":"kubo/")"));
  ASSERT_TRUE(ask);
  ASSERT_EQ(ask->filter.peers.size(), 1U);
  EXPECT_EQ(ask->filter.peers[0].to_string(), kPeer);
  EXPECT_EQ(ask->filter.agent, "kubo/");
  EXPECT_EQ(ask->cancel_after.count(), 10);
}

TEST(ProbePages, WithoutAProbeThereAreNone) {
  TestApi test;
  EXPECT_EQ(test.get("/api/v1/probe").status, 404U);
  EXPECT_EQ(test.post("/api/v1/probe", body_of("")).status, 404U);
}

}  // namespace
}  // namespace mexport::api
