// SPDX-License-Identifier: MIT
#include "app/probe/refusal.hpp"
#include "app/probe/report.hpp"

#include <gmock/gmock.h>

namespace mexport::app::probe {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::string_view kHave = R"({"peer":"P","cid":"C","answer":"have","after_ms":71})";
constexpr std::string_view kLacks = R"({"peer":"Q","cid":"C","answer":"dont_have","after_ms":38})";
constexpr std::string_view kFailed = R"({"peer":"R","error":"said \"no\", and\nleft"})";
constexpr std::string_view kSummary =
    R"({"summary":{"request":7,"state":"done","peers_asked":3,"peers_failed":1,"peers_silent":0,)"
    R"("cids":[{"cid":"C","have":1,"dont_have":1,"blocks":0,"first_ms":71},)"
    R"({"cid":"D","have":0,"dont_have":0,"blocks":0,"first_ms":null}]}})";
constexpr std::string_view kWords =
    "3 peers asked: 1 failed, 0 silent\n"
    "C: have 1, dont_have 1, blocks 0, the first after 71 ms\n"
    "D: have 0, dont_have 0, blocks 0\n";

TEST(ProbeReport, TextShowsWhoHasIt) {
  Report report(ReportFormat::text, false);
  EXPECT_EQ(report.head(), "");
  EXPECT_EQ(report.take(""), "");
  EXPECT_EQ(report.take(kHave), "have           71 ms  P  C\n");
  EXPECT_EQ(report.take(kLacks), "");
  EXPECT_EQ(report.take(kFailed), "");
  EXPECT_FALSE(report.summary());
  EXPECT_EQ(report.take(kSummary), kWords);
  ASSERT_TRUE(report.summary());
  EXPECT_EQ(report.summary()->request, 7U);
}

TEST(ProbeReport, VerboseShowsAll) {
  Report report(ReportFormat::text, true);
  EXPECT_EQ(report.take(kLacks), "dont_have      38 ms  Q  C\n");
  EXPECT_EQ(report.take(kFailed), "failed                R  said \"no\", and\\x0aleft\n");
}

TEST(ProbeReport, CsvHasTheSameColumnsInEachRow) {
  Report report(ReportFormat::csv, false);
  EXPECT_EQ(report.head(), "peer,cid,answer,after_ms,error\n");
  EXPECT_EQ(report.take(kHave), "P,C,have,71,\n");
  EXPECT_EQ(report.take(kLacks), "Q,C,dont_have,38,\n");
  EXPECT_EQ(report.take(kFailed), "R,,failed,,\"said \"\"no\"\", and\\x0aleft\"\n");
  EXPECT_EQ(report.take(kSummary), "");
  EXPECT_EQ(words_of(*report.summary()), kWords);
}

TEST(ProbeReport, JsonIsTheNodes) {
  Report report(ReportFormat::json, false);
  EXPECT_EQ(report.head(), "");
  EXPECT_EQ(report.take(""), "");
  for (const auto line : {kHave, kLacks, kFailed, kSummary}) {
    EXPECT_EQ(report.take(line), std::string(line) + "\n");
  }
  EXPECT_TRUE(report.summary());
}

TEST(ProbeReport, WhatIsNoLineIsRefusedInAllFormats) {
  for (const auto format : {ReportFormat::text, ReportFormat::csv, ReportFormat::json}) {
    EXPECT_EQ(Report(format, true).take("<html>"), std::nullopt);
  }
}

TEST(ProbeReport, ProgressCountsAndSaysHowLongItTakes) {
  Report report(ReportFormat::json, false);
  for (const auto line : {kHave, kLacks, kFailed}) report.take(line);
  EXPECT_EQ(report.progress(0s, 10s),
            "[....................] 10 s left  answers 2  have 1  failed 1");
  EXPECT_EQ(report.progress(5s, 10s),
            "[##########..........] 5 s left  answers 2  have 1  failed 1");
  EXPECT_EQ(report.progress(11s, 10s),
            "[####################] 0 s left  answers 2  have 1  failed 1");
}

std::string refusal(unsigned status, std::string text) {
  return explain({.kind = HttpEnd::Kind::refused,
                  .text = std::move(text),
                  .server = "localhost:8432",
                  .status = status},
                 std::nullopt);
}

TEST(ProbeRefusal, NamesWhatHelps) {
  EXPECT_THAT(refusal(401, R"({"error":"a bearer token is needed"})"), HasSubstr("--token-file"));
  EXPECT_THAT(refusal(404, R"({"error":"the discovery probe is off"})"),
              HasSubstr("EnableBitswapDiscoveryProbe"));
  EXPECT_EQ(refusal(503, R"({"error":"server closing"})"),
            "the node at localhost:8432 refuses: server closing");
  for (const auto* body : {"404 page not found\n", R"({"error":7})", "[]"}) {
    EXPECT_EQ(refusal(404, body), "what answers at localhost:8432 is no node of ours: status 404");
  }
  EXPECT_THAT(
      explain({.kind = HttpEnd::Kind::unreachable, .text = "localhost:8432: refused"}, {}),
      testing::AllOf(HasSubstr("localhost:8432"), HasSubstr("mexport run"), HasSubstr("--api")));
}

TEST(ProbeRefusal, TellsThatAnAnswerIsNotWhole) {
  HttpEnd end{.kind = HttpEnd::Kind::broken, .text = "end of stream", .server = "a:1"};
  EXPECT_EQ(explain(end, {}), "the answer of a:1 broke off: end of stream");
  end.kind = HttpEnd::Kind::left;
  EXPECT_EQ(explain(end, {}), "what a:1 answers is not understood");
  end.kind = HttpEnd::Kind::complete;
  EXPECT_EQ(explain(end, {}), "the answer of a:1 ended before its summary: the node was stopped");
  EXPECT_THAT(explain(end, probe::Summary{.stopped = true, .cids = {}}), HasSubstr("stopped"));
}

}  // namespace
}  // namespace mexport::app::probe
