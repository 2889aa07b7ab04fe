// SPDX-License-Identifier: MIT
#include "config/parse_peerstore.hpp"

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
using testing::HasSubstr;

std::string errors_of(std::string_view section) {
  const auto parsed = parse_config(monitor_document(section));
  std::string text;
  for (const auto& error : parsed.report.errors) text += to_string(error) + "\n";
  return text;
}

TEST(ParsePeerstore, IsOnByDefaultInTheDataDirectory) {
  auto config = parse_good("{}");
  Report report;
  complete(config, "host", "/var/lib/m", report);
  EXPECT_TRUE(config.monitor.peerstore.enabled);
  EXPECT_EQ(config.monitor.peerstore.file, "/var/lib/m/peerstore.sqlite");
  EXPECT_EQ(config.monitor.peerstore.max_peers, 200'000U);
  EXPECT_EQ(config.monitor.peerstore.max_bytes, 256ULL << 20);
  EXPECT_EQ(config.monitor.peerstore.max_age, std::chrono::days(30));
}

TEST(ParsePeerstore, ReadsAndShowsAll) {
  auto config = parse_good(monitor_document(R"("Peerstore": {"Enabled": false, "File": "/x/p.db",
      "MaxPeers": 5, "MaxBytes": "1MiB", "MaxAge": "2h"})"));
  const auto& peerstore = config.monitor.peerstore;
  EXPECT_FALSE(peerstore.enabled);
  EXPECT_EQ(peerstore.file, "/x/p.db");
  EXPECT_EQ(peerstore.max_peers, 5U);
  EXPECT_EQ(peerstore.max_bytes, 1ULL << 20);
  EXPECT_EQ(peerstore.max_age, std::chrono::hours(2));
  const auto text = render_config(config);
  EXPECT_THAT(text, HasSubstr(R"("MaxAge": "2h")"));
  EXPECT_EQ(render_config(parse_good(text)), text);
}

TEST(ParsePeerstore, RefusesWhatIsOutOfRange) {
  EXPECT_THAT(errors_of(R"("Peerstore": {"MaxPeers": 0})"), HasSubstr("Peerstore.MaxPeers"));
  EXPECT_THAT(errors_of(R"("Peerstore": {"MaxBytes": "1kB"})"), HasSubstr("at least 1MiB"));
  EXPECT_THAT(errors_of(R"("Peerstore": {"MaxBytes": 7})"), HasSubstr("Peerstore.MaxBytes"));
  EXPECT_THAT(errors_of(R"("Peerstore": {"MaxAge": "1s"})"), HasSubstr("Peerstore.MaxAge"));
  EXPECT_THAT(errors_of(R"("Peerstore": {"MaxAge": "off"})"), HasSubstr("Peerstore.MaxAge"));
  EXPECT_THAT(errors_of(R"("Peerstore": {"Maximum": 1})"), HasSubstr("Peerstore.Maximum"));
}

}  // namespace
}  // namespace mexport::config
