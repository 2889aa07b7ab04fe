// SPDX-License-Identifier: MIT
#include "base/error_category.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace mexport::base {
namespace {

enum class Fault : std::uint8_t { too_large = 1, not_found };

std::string_view describe(Fault fault) {
  switch (fault) {
    case Fault::too_large:
      return "too_large";
    case Fault::not_found:
      return "nothing there";
  }
  return "unknown fault";
}

std::error_condition condition_of(Fault fault) {
  if (fault == Fault::not_found) return std::errc::no_such_file_or_directory;
  return {};
}

const ErrorCategory<Fault> kPlain("plain", describe);
const ErrorCategory<Fault> kMapped("mapped", describe, condition_of);

std::error_code code(Fault fault, const std::error_category& category) {
  return {static_cast<int>(fault), category};
}

TEST(ErrorCategory, SaysWhatItsEnumSays) {
  EXPECT_STREQ(kPlain.name(), "plain");
  EXPECT_EQ(code(Fault::not_found, kPlain).message(), "nothing there");
  EXPECT_EQ(kPlain.message(7), "unknown fault");
}

TEST(ErrorCategory, NamesBecomeWords) {
  EXPECT_EQ(code(Fault::too_large, kPlain).message(), "too large");
}

TEST(ErrorCategory, AnErrorStandsForItsConditionOrForItself) {
  EXPECT_EQ(code(Fault::not_found, kMapped), std::errc::no_such_file_or_directory);
  EXPECT_NE(code(Fault::not_found, kPlain), std::errc::no_such_file_or_directory);
  EXPECT_EQ(code(Fault::too_large, kMapped).default_error_condition(),
            std::error_condition(1, kMapped));
}

TEST(ErrorCategory, EqualValuesOfTwoCategoriesAreTwoErrors) {
  EXPECT_NE(code(Fault::too_large, kPlain), code(Fault::too_large, kMapped));
}

}  // namespace
}  // namespace mexport::base
