// SPDX-License-Identifier: MIT
#include "config/parse_export.hpp"

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

std::string errors_of(std::string_view section) {
  const auto parsed = parse_config(monitor_document(section));
  std::string text;
  for (const auto& error : parsed.report.errors) text += to_string(error) + "\n";
  return text;
}

TEST(ParseExport, IsOffByDefault) {
  const auto config = parse_good("{}");
  EXPECT_TRUE(amqp_sinks(config.monitor).empty());
  EXPECT_TRUE(config.monitor.spool.enabled);
}

TEST(ParseExport, ReadsAmqpAndSpool) {
  const auto config = parse_good(monitor_document(R"(
    "AMQP": {"Servers": ["amqp://a", "amqps://u:p@b/v"], "Fields": "extended", "Persistent": true, "Sent": true,
             "Heartbeat": 3, "Window": 9, "HoldLive": "5s", "HoldAfterOutage": "2h",
             "HoldMaxBytes": "3MiB",
             "TLS": {"CAFile": "ca", "CertificateFile": "c", "KeyFile": "k", "VerifyHost": false}},
    "Spool": {"Enabled": false, "Directory": "/var/s", "MaxBytes": "2GiB", "ReplayRate": 7})"));
  const auto& amqp = config.monitor.amqp;
  const auto& spool = config.monitor.spool;
  EXPECT_EQ(amqp_sinks(config.monitor).size(), 1U);
  EXPECT_THAT(amqp.servers, ElementsAre("amqp://a", "amqps://u:p@b/v"));
  EXPECT_EQ(amqp.fields, exporter::amqp::Fields::extended);
  EXPECT_TRUE(amqp.persistent);
  EXPECT_TRUE(amqp.sent);
  EXPECT_EQ(amqp.heartbeat, std::chrono::seconds(3));
  EXPECT_EQ(amqp.window, 9U);
  EXPECT_EQ(amqp.hold_live, std::chrono::seconds(5));
  EXPECT_EQ(amqp.hold_outage, std::chrono::hours(2));
  EXPECT_EQ(amqp.hold_bytes, 3ULL << 20);
  EXPECT_EQ(amqp.ca_file, "ca");
  EXPECT_EQ(amqp.certificate_file, "c");
  EXPECT_EQ(amqp.key_file, "k");
  EXPECT_FALSE(amqp.verify_host);
  EXPECT_FALSE(spool.enabled);
  EXPECT_EQ(spool.directory, "/var/s");
  EXPECT_EQ(spool.max_bytes, 2ULL << 30);
  EXPECT_EQ(spool.replay_rate, 7U);
}

TEST(ParseExport, IsShownWithoutPasswords) {
  const auto config = parse_good(monitor_document(R"(
    "AMQPServerAddress": "amqp://a:geheim@h,amqp://b:geheim@i",
    "AMQP": {"Servers": ["amqps://u:geheim@j/v"], "HoldLive": "1m"},
    "Spool": {"MaxBytes": "1MiB"})"));
  const auto text = render_config(config);
  EXPECT_THAT(text, Not(HasSubstr("geheim")));
  EXPECT_THAT(text, HasSubstr("amqp://a:(hidden)@h:5672/%2F,amqp://b:(hidden)@i:5672/%2F"));
  EXPECT_THAT(text, HasSubstr("amqps://u:(hidden)@j/v"));
  EXPECT_EQ(render_config(parse_good(text)), text);
}

TEST(ParseExport, NamesABadAddressWithoutShowingIt) {
  const auto text = errors_of(R"("AMQPServerAddress": "amqp://u:gehe/im@h")");
  EXPECT_THAT(text, HasSubstr("AMQPServerAddress: found a text of which the port is not"));
  EXPECT_THAT(text, Not(HasSubstr("gehe")));
  EXPECT_THAT(errors_of(R"("AMQP": {"Servers": ["amqp://a", "rmq"]})"),
              HasSubstr("AMQP.Servers[1]: found a text of which it does not begin with amqp://"));
  EXPECT_THAT(errors_of(R"("AMQP": {"Servers": [{"geheim": 1}]})"), Not(HasSubstr("geheim")));
}

TEST(ParseExport, RefusesWhatIsOutOfRange) {
  for (const auto* section :
       {R"("AMQP": {"Fields": "all"})", R"("AMQP": {"Heartbeat": 0})", R"("AMQP": {"Window": 0})",
        R"("AMQP": {"HoldLive": "8d"})", R"("AMQP": {"HoldAfterOutage": "ever"})",
        R"("AMQP": {"TLS": {"KeyFile": "k"}})", R"("AMQP": {"Server": "amqp://a"})",
        R"("Spool": {"MaxBytes": "1023KiB"})", R"("Spool": {"ReplayRate": 0})",
        R"("Spool": {"Size": 1})"}) {
    EXPECT_NE(errors_of(section), "") << section;
  }
  std::string many;
  for (int i = 0; i < 17; ++i) many += "amqp://h,";
  EXPECT_NE(errors_of(R"("AMQPServerAddress": ")" + many + '"'), "");
  EXPECT_THAT(
      errors_of(R"("AMQPServerAddress": "amqp://h,)" + many.substr(0, 72) +
                R"(amqp://h", "AMQP": {"Servers": ["amqp://a,)" + many.substr(0, 72) + R"("]})"),
      HasSubstr("brokers, allowed: at most 16"));
}

TEST(ParseExport, PutsTheSpoolIntoTheDataDirectory) {
  auto config = parse_good("{}");
  Report report;
  complete(config, "h", "/data", report);
  EXPECT_EQ(config.monitor.spool.directory, "/data/spool");
}

}  // namespace
}  // namespace mexport::config
