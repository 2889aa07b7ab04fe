// SPDX-License-Identifier: MIT
#include "crypto/base64.hpp"

#include "crypto/error.hpp"

#include <gtest/gtest.h>

namespace mexport::crypto {
namespace {

// RFC 4648, section 10.
TEST(Base64, BothWays) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {"\xfb\xff", "+/8="}};
  for (const auto& [plain, text] : cases) {
    EXPECT_EQ(encode_base64(base::as_bytes(plain)), text);
    const auto decoded = decode_base64(text);
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(base::as_text(*decoded), plain);
  }
}

TEST(Base64, RefusesOtherForms) {
  for (const auto* const text :
       {"Zg", "Zg=", "Zg===", "Z", "=", "Zh==", "Zm9-", "Zm9v\n", " Zm9v", "Zm9v!", "Zg==Zg=="}) {
    const auto decoded = decode_base64(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error(), Error::bad_base64);
  }
}

}  // namespace
}  // namespace mexport::crypto
