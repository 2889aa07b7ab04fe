// SPDX-License-Identifier: MIT
#include "api/probe_request.hpp"
#include "app/probe/lines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace mexport::app::probe {
namespace {

template <class T>
T parsed(std::string_view line) {
  const auto found = parse_line(line);
  if (!found || !std::holds_alternative<T>(*found)) {
    ADD_FAILURE() << "not read: " << line;
    return {};
  }
  return std::get<T>(*found);
}

TEST(ProbeLine, AnswersOfPeers) {
  const auto have = parsed<Said>(R"({"peer":"P","cid":"C","answer":"have","after_ms":71})");
  EXPECT_EQ(have.peer, "P");
  EXPECT_EQ(have.cid, "C");
  EXPECT_EQ(have.answer, monitor::AnswerKind::have);
  EXPECT_EQ(have.after_ms, 71U);
  EXPECT_EQ(parsed<Said>(R"({"peer":"P","cid":"C","answer":"dont_have","after_ms":0})").answer,
            monitor::AnswerKind::dont_have);
  EXPECT_EQ(parsed<Said>(R"({"peer":"P","cid":"C","answer":"block","after_ms":0,"new":[]})").answer,
            monitor::AnswerKind::block);
}

TEST(ProbeLine, PeersThatFailed) {
  const auto failed = parsed<Failed>(R"({"peer":"P","error":"timed out"})");
  EXPECT_EQ(failed.peer, "P");
  EXPECT_EQ(failed.error, "timed out");
}

TEST(ProbeLine, Summary) {
  const auto summary = parsed<probe::Summary>(
      R"({"summary":{"request":7,"state":"done","peers_asked":4211,"peers_failed":1,"peers_silent":12,)"
      R"("cids":[{"cid":"C","have":1,"dont_have":2,"blocks":3,"first_ms":71},)"
      R"({"cid":"D","have":0,"dont_have":0,"blocks":0,"first_ms":null}]}})");
  EXPECT_EQ(summary.request, 7U);
  EXPECT_FALSE(summary.stopped);
  EXPECT_EQ(summary.asked, 4211U);
  EXPECT_EQ(summary.failed, 1U);
  EXPECT_EQ(summary.silent, 12U);
  ASSERT_EQ(summary.cids.size(), 2U);
  EXPECT_EQ(summary.cids[0].cid, "C");
  EXPECT_EQ(summary.cids[0].have, 1U);
  EXPECT_EQ(summary.cids[0].dont_have, 2U);
  EXPECT_EQ(summary.cids[0].blocks, 3U);
  EXPECT_EQ(summary.cids[0].first_ms, 71U);
  EXPECT_EQ(summary.cids[1].first_ms, std::nullopt);
}

std::string summary_of(std::string_view state, std::string_view cids) {
  return R"({"summary":{"request":1,"state":")" + std::string(state) +
         R"(","peers_asked":0,"peers_failed":0,"peers_silent":0,"cids":[)" + std::string(cids) +
         "]}}";
}

TEST(ProbeLine, ASummaryTellsThatTheNodeWasStopped) {
  EXPECT_TRUE(parsed<probe::Summary>(summary_of("stopped", "")).stopped);
}

TEST(ProbeLine, NoMoreCidsThanCanBeAskedFor) {
  const std::string one = R"({"cid":"C","have":0,"dont_have":0,"blocks":0,"first_ms":null})";
  std::string cids = one;
  for (std::size_t i = 1; i < api::kMaxFollowedCids; ++i) cids += "," + one;
  EXPECT_EQ(parsed<probe::Summary>(summary_of("done", cids)).cids.size(), api::kMaxFollowedCids);
  EXPECT_FALSE(parse_line(summary_of("done", cids + "," + one)));
}

TEST(ProbeLine, AllElseIsNone) {
  for (const auto* line :
       {"", "text", "[]", "{}", "7", R"({"peer":"P","cid":"C","answer":"maybe","after_ms":1})",
        R"({"peer":"P","cid":"C","answer":"have","after_ms":-1})",
        R"({"peer":"P","cid":"C","answer":"have","after_ms":"1"})",
        R"({"peer":7,"cid":"C","answer":"have","after_ms":1})",
        R"({"cid":"C","answer":"have","after_ms":1})", R"({"error":"timed out"})",
        R"({"peer":"P","error":null})", R"({"summary":7})", R"({"summary":{}})",
        R"({"summary":{"request":1,"state":"done","cids":[]}})"}) {
    EXPECT_FALSE(parse_line(line)) << line;
  }
  EXPECT_FALSE(parse_line(summary_of("done", "7")));
  EXPECT_FALSE(parse_line(summary_of("done", R"({"cid":"C"})")));
}

}  // namespace
}  // namespace mexport::app::probe
