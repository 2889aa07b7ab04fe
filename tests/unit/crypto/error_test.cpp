// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mexport::crypto {
namespace {

TEST(CryptoError, EachHasItsOwnText) {
  std::set<std::string> texts;
  for (int value = 1; value <= static_cast<int>(Error::bad_base64) + 1; ++value) {
    texts.insert(make_error_code(static_cast<Error>(value)).message());
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(Error::bad_base64) + 1);
  EXPECT_STREQ(error_category().name(), "crypto");
}

}  // namespace
}  // namespace mexport::crypto
