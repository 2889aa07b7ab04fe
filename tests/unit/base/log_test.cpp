// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mexport::base {
namespace {

TEST(Log, LevelsByComponent) {
  std::vector<std::string> lines;
  auto target = std::make_shared<LogTarget>(
      [&](LogLevel level, std::string_view component, std::string_view message) {
        lines.push_back(fmt::format("{} {} {}", to_string(level), component, message));
      },
      LogLevel::warn);
  const Logger swarm(target, "swarm");
  const Logger trace = swarm.with_component("trace");
  target->set_level("trace", LogLevel::debug);
  swarm.info("not wanted");
  swarm.warn("port {}", 4001);
  trace.debug("wanted");
  EXPECT_EQ(lines, (std::vector<std::string>{"warn swarm port 4001", "debug trace wanted"}));
}

TEST(Log, NamesRoundTripAndOthersAreRefused) {
  for (const auto level : {LogLevel::trace, LogLevel::info, LogLevel::off}) {
    EXPECT_EQ(parse_log_level(to_string(level)), level);
  }
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
}

TEST(Log, ADefaultLoggerIsSilent) {
  Logger().error("nobody hears {}", "this");
}

}  // namespace
}  // namespace mexport::base
