// SPDX-License-Identifier: MIT
#include "api/own_api.hpp"

#include "tests/unit/api/test_sources.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mexport::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::Pair;
using testing::TestApi;

json::value status_of(TestApi& test) {
  return json::parse(test.get("/api/v1/status").body);
}

TEST(OwnApi, TellsOfItsHealth) {
  TestApi test;
  EXPECT_EQ(test.get("/healthz").body, "ok\n");
  EXPECT_EQ(test.get("/readyz").body, "ready\n");
}

TEST(OwnApi, MetricsStandWhereKuboHasThemAndWherePrometheusLooks) {
  TestApi test;
  for (const auto* path : {"/metrics", "/debug/metrics/prometheus"}) {
    const auto response = test.get(path);
    EXPECT_EQ(response.body, "up 1\n");
    EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  }
}

TEST(OwnApi, StatusSaysWhoThisIs) {
  TestApi test;
  test.clock.advance(std::chrono::milliseconds(2500));
  const auto status = status_of(test);
  EXPECT_EQ(status.at("version"), "0.1.0");
  EXPECT_EQ(status.at("run_id"), "cafe");
  EXPECT_EQ(status.at("monitor"), "mon");
  EXPECT_EQ(status.at("started_at"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(status.at("uptime_seconds"), 2.5);
  EXPECT_EQ(json::serialize(status.at("listen_addresses")), R"(["/ip4/127.0.0.1/tcp/4001"])");
  EXPECT_EQ(json::serialize(status.at("api_addresses")), R"(["http://127.0.0.1:8432"])");
}

TEST(OwnApi, StatusHasRatesSinceTheLastOneThatIsASecondOld) {
  TestApi test;
  const auto rate = [&] {
    return status_of(test).at("rates").at("messages_per_second").to_number<double>();
  };
  test.host.messages_total = 100;
  test.clock.advance(std::chrono::seconds(10));
  EXPECT_EQ(rate(), 10);
  test.host.messages_total = 300;
  test.clock.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(rate(), 10);
  test.clock.advance(std::chrono::milliseconds(1500));
  EXPECT_EQ(rate(), 100);
}

TEST(OwnApi, StatusTellsOfSinksSpoolAndLosses) {
  TestApi test;
  EXPECT_EQ(json::serialize(status_of(test).at("losses")), "{}");
  EXPECT_EQ(json::serialize(status_of(test).at("spool")), R"({"batches":0,"bytes":0})");
  exporter::SinkStatistics amqp;
  amqp.written[0] = 5;
  amqp.lost[0][5] = 2;
  amqp.lost[1][5] = 1;
  auto& delivery = amqp.delivery.emplace();
  delivery.spooled_batches = 3;
  delivery.spooled_bytes = 400;
  delivery.lag = std::chrono::milliseconds(1250);
  test.sinks.emplace_back("amqp", amqp);
  test.pipeline.lost[0][0] = 7;
  const auto status = status_of(test);
  EXPECT_EQ(json::serialize(status.at("losses")),
            R"({"amqp":{"spool_full":3},"pipeline":{"queue_full":7}})");
  EXPECT_EQ(json::serialize(status.at("spool")), R"({"batches":3,"bytes":400})");
  const auto& sink = status.at("sinks").at(0);
  EXPECT_EQ(sink.at("name"), "amqp");
  EXPECT_EQ(sink.at("lag_seconds"), 1.25);
  EXPECT_EQ(json::serialize(sink.at("events")), R"({"bitswap_message":5})");
}

TEST(OwnApi, SetsLogLevels) {
  TestApi test;
  EXPECT_EQ(test.post("/api/v1/log-level", R"({"component":"node","level":"debug"})").body,
            "{\"component\":\"node\",\"level\":\"debug\"}\n");
  EXPECT_EQ(test.post("/api/v1/log-level", R"({"level":"warn"})").status, 200U);
  EXPECT_THAT(test.levels,
              ElementsAre(Pair("node", base::LogLevel::debug), Pair("", base::LogLevel::warn)));
  for (const auto* body :
       {"", "[]", "{}", R"({"level":7})", R"({"level":"loud"})", R"({"level":"info","x":1})",
        R"({"component":"nobody","level":"info"})", R"({"component":1,"level":"info"})"}) {
    EXPECT_EQ(test.post("/api/v1/log-level", body).status, 400U) << body;
  }
  EXPECT_EQ(test.levels.size(), 2U);
}

TEST(OwnApi, TheDocumentListsExactlyTheRoutes) {
  TestApi test;
  std::set<std::string> documented;
  const auto document = json::parse(openapi_document());
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& method : path.value().as_object()) {
      std::string name(method.key());
      for (auto& c : name) c = static_cast<char>(c - 'a' + 'A');
      documented.insert(name + " " + std::string(path.key()));
    }
  }
  std::set<std::string> served;
  for (const auto& route : test.api.router().routes()) {
    served.insert(route.method + " " + route.path);
  }
  EXPECT_EQ(documented, served);
  EXPECT_EQ(test.get("/api/v1/openapi.json").body, openapi_document());
}

}  // namespace
}  // namespace mexport::api
