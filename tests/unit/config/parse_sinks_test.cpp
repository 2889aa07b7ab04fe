// SPDX-License-Identifier: MIT
#include "config/parse_sinks.hpp"

#include "config/overrides.hpp"
#include "config/parse_config.hpp"
#include "config/render_config.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mexport::config {
namespace {

using test::monitor_document;
using test::parse_good;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string errors_of(std::string_view sinks) {
  const auto parsed = parse_config(monitor_document(R"("Sinks": )" + std::string(sinks)));
  std::string text;
  for (const auto& error : parsed.report.errors) text += to_string(error) + "\n";
  return text;
}

constexpr auto kTwo = R"("AMQPServerAddress": "amqp://a", "Sinks": [
    {"Kind": "amqp", "Name": "backup", "Servers": ["amqps://u:geheim@b/v"], "Fields": "extended",
     "Spool": {"MaxBytes": "2MiB"}},
    {"Kind": "traces", "Name": "archive", "Directory": "/mnt/t", "MaxAge": "off"}])";

TEST(ParseSinks, ReadsFurtherBrokersAndTraces) {
  const auto config = parse_good(monitor_document(kTwo));
  const auto amqp = amqp_sinks(config.monitor);
  ASSERT_EQ(amqp.size(), 2U);
  EXPECT_EQ(amqp[0].name, "amqp");
  EXPECT_THAT(amqp[0].amqp.servers, ElementsAre("amqp://a"));
  EXPECT_EQ(amqp[1].name, "backup");
  EXPECT_EQ(amqp[1].amqp.fields, exporter::amqp::Fields::extended);
  EXPECT_EQ(amqp[1].spool.max_bytes, 2ULL << 20);
  const auto traces = trace_sinks(config.monitor);
  ASSERT_EQ(traces.size(), 2U);
  EXPECT_EQ(traces[0].name, "trace");
  EXPECT_EQ(traces[1].name, "archive");
  EXPECT_EQ(traces[1].traces.directory, "/mnt/t");
  EXPECT_FALSE(traces[1].traces.max_age);
}

TEST(ParseSinks, ShowsThemWithoutPasswords) {
  const auto text = render_config(parse_good(monitor_document(kTwo)));
  EXPECT_THAT(text, Not(HasSubstr("geheim")));
  EXPECT_THAT(text, HasSubstr(R"("Name": "backup")"));
  EXPECT_EQ(render_config(parse_good(text)), text);
}

TEST(ParseSinks, PlacesTheirFilesInTheDataDirectory) {
  auto config = parse_good(monitor_document(R"("Sinks": [
    {"Kind": "amqp", "Name": "b", "Servers": ["amqp://b"]},
    {"Kind": "traces", "Name": "t", "Directory": "more"}])"));
  Report report;
  complete(config, "host", "/d", report);
  EXPECT_TRUE(report.good());
  EXPECT_EQ(config.monitor.more_amqp_sinks[0].spool.directory, "/d/spool");
  EXPECT_EQ(config.monitor.more_trace_sinks[0].traces.directory, "/d/more");
}

TEST(ParseSinks, RefusesOneDirectoryForTwo) {
  auto config = parse_good(
      monitor_document(R"("Sinks": [{"Kind": "traces", "Name": "t", "Directory": "./traces"}])"));
  Report report;
  complete(config, "host", "/d", report);
  ASSERT_EQ(report.errors.size(), 1U);
  EXPECT_EQ(report.errors[0].path, "Sinks.t.Directory");
}

TEST(ParseSinks, RefusesWhatIsWrong) {
  EXPECT_THAT(errors_of(R"({})"), HasSubstr("Sinks"));
  EXPECT_THAT(errors_of(R"([7])"), HasSubstr("Sinks[0]"));
  EXPECT_THAT(errors_of(R"([{"Kind": "mqtt", "Name": "a"}])"), HasSubstr("Sinks[0].Kind"));
  EXPECT_THAT(errors_of(R"([{"Kind": "amqp", "Name": "a"}])"), HasSubstr("Sinks[0].Servers"));
  EXPECT_THAT(errors_of(R"([{"Kind": "traces", "Name": "a"}])"), HasSubstr("Sinks[0].Directory"));
  for (const auto* name : {"", "A", "1a", "a/b", "amqp", "trace", "live"}) {
    EXPECT_THAT(errors_of(R"([{"Kind": "traces", "Directory": "/t", "Name": ")" +
                          std::string(name) + R"("}])"),
                HasSubstr("Sinks[0].Name"));
  }
  EXPECT_THAT(errors_of(R"([{"Kind": "traces", "Name": "a", "Directory": "/t"},
                            {"Kind": "traces", "Name": "a", "Directory": "/u"}])"),
              HasSubstr("Sinks[1].Name"));
  EXPECT_THAT(
      errors_of(R"([{"Kind": "amqp", "Name": "a", "Servers": ["amqp://b"], "Server": "c"}])"),
      HasSubstr("Sinks[0].Server"));
}

TEST(ParseSinks, RefusesTooMany) {
  std::string sinks;
  for (std::size_t i = 0; i <= kMaxSinks; ++i) {
    sinks += (i == 0 ? "[" : ",") + (R"({"Kind": "traces", "Name": "t)" + std::to_string(i) +
                                     R"(", "Directory": "/t)" + std::to_string(i) + "\"}");
  }
  EXPECT_THAT(errors_of(sinks + "]"), HasSubstr("at most 16 sinks"));
}

}  // namespace
}  // namespace mexport::config
