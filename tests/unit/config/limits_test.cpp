// SPDX-License-Identifier: MIT
#include "config/limits.hpp"

#include "config/parse_config.hpp"
#include "config/render_config.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace mexport::config {
namespace {

std::string document(std::string_view key, std::int64_t value) {
  return fmt::format(R"({{"Mexport": {{"Limits": {{"{}": {}}}}}}})", key, value);
}

class EachLimit : public testing::TestWithParam<LimitKey> {};

TEST_P(EachLimit, DefaultsToAValueWithinItsRange) {
  const auto value = GetParam().get(Limits());
  EXPECT_GE(value, GetParam().min);
  EXPECT_LE(value, GetParam().max);
}

TEST_P(EachLimit, RefusesWhatIsOutsideOfItsRange) {
  const auto& key = GetParam();
  for (const auto value : {key.min - 1, key.max + 1}) {
    const auto errors = parse_config(document(key.name, value)).report.errors;
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].path, fmt::format("Mexport.Limits.{}", key.name));
    EXPECT_EQ(errors[0].found, std::to_string(value));
    EXPECT_EQ(errors[0].allowed, fmt::format("integer {}..{}", key.min, key.max));
  }
}

TEST_P(EachLimit, IsReadIntoItsOwnPlaceAlone) {
  const auto& key = GetParam();
  const auto value = key.get(Limits()) == key.max ? key.min : key.max;
  Limits expected;
  key.set(expected, value);
  EXPECT_NE(expected, Limits());
  EXPECT_EQ(parse_config(document(key.name, value)).config.node.limits, expected);
  for (const auto& other : limit_keys()) {
    if (other.name == key.name) continue;
    EXPECT_EQ(other.get(expected), other.get(Limits())) << other.name;
  }
}

TEST_P(EachLimit, IsShown) {
  Config config = default_config();
  GetParam().set(config.node.limits, GetParam().max);
  const auto line = fmt::format("\"{}\": {}", GetParam().name, GetParam().max);
  EXPECT_NE(render_config(config).find(line), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Limits, EachLimit, testing::ValuesIn(limit_keys()),
                         [](const auto& key) { return std::string(key.param.name); });

}  // namespace
}  // namespace mexport::config
