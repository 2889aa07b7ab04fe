// SPDX-License-Identifier: MIT
#include "app/log_levels.hpp"

#include <gtest/gtest.h>

namespace mexport::app {
namespace {

using base::LogLevel;

TEST(LogLevels, AreOneForAllOrPerComponent) {
  const auto levels = parse_log_levels("warn,swarm=debug,trace=off");
  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->overall, LogLevel::warn);
  ASSERT_EQ(levels->by_component.size(), 2U);
  EXPECT_EQ(levels->by_component[0], std::pair(std::string("swarm"), LogLevel::debug));
  EXPECT_EQ(levels->by_component[1], std::pair(std::string("trace"), LogLevel::off));
}

TEST(LogLevels, ComponentsAloneLeaveTheDefault) {
  const auto levels = parse_log_levels("swarm=error");
  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->overall, LogLevel::info);
}

TEST(LogLevels, RefuseUnknownNames) {
  for (const auto* text : {"", "loud", "warn,", "swarm=", "swarm=loud", "INFO"}) {
    EXPECT_FALSE(parse_log_levels(text)) << text;
  }
  EXPECT_NE(parse_log_levels("swarm=loud").error().find("\"loud\""), std::string::npos);
}

TEST(LogLevels, ApplyToATarget) {
  base::LogTarget target([](LogLevel, std::string_view, std::string_view) {});
  apply(parse_log_levels("error,swarm=trace").value(), target);
  EXPECT_EQ(target.level("node"), LogLevel::error);
  EXPECT_EQ(target.level("swarm"), LogLevel::trace);
}

}  // namespace
}  // namespace mexport::app
