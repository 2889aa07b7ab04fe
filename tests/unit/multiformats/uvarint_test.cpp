// SPDX-License-Identifier: MIT
#include "multiformats/uvarint.hpp"

#include "multiformats/error.hpp"
#include "tests/unit/multiformats/vectors.hpp"

#include <gtest/gtest.h>

namespace mexport::multiformats {
namespace {

using test::unhex;

TEST(Uvarint, RoundTripsEveryWidth) {
  for (unsigned bits = 0; bits < 63; ++bits) {
    for (const std::uint64_t value : {std::uint64_t{1} << bits, (std::uint64_t{1} << bits) - 1,
                                      (std::uint64_t{3} << bits) / 2}) {
      base::Bytes bytes;
      append_uvarint(bytes, value);
      EXPECT_EQ(bytes.size(), uvarint_size(value)) << value;
      const auto back = decode_uvarint(bytes);
      ASSERT_TRUE(back) << value;
      EXPECT_EQ(back->value, value);
      EXPECT_EQ(back->size, bytes.size());
    }
  }
}

TEST(Uvarint, KnownBytes) {
  EXPECT_EQ(decode_uvarint(unhex("00"))->value, 0U);
  EXPECT_EQ(decode_uvarint(unhex("7f"))->value, 127U);
  EXPECT_EQ(decode_uvarint(unhex("8001"))->value, 128U);
  EXPECT_EQ(decode_uvarint(unhex("ac02"))->value, 300U);
  EXPECT_EQ(decode_uvarint(unhex("ffffffffffffffff7f"))->value, kMaxUvarint);
}

TEST(Uvarint, IgnoresWhatFollows) {
  const auto number = decode_uvarint(unhex("ac02ff"));
  ASSERT_TRUE(number);
  EXPECT_EQ(number->size, 2U);
}

TEST(Uvarint, TellsShortFromWrong) {
  EXPECT_EQ(decode_uvarint({}).error(), Error::truncated);
  EXPECT_EQ(decode_uvarint(unhex("80")).error(), Error::truncated);
  EXPECT_EQ(decode_uvarint(unhex("ffffffffffffffff")).error(), Error::truncated);
  EXPECT_EQ(decode_uvarint(unhex("8000")).error(), Error::varint_not_minimal);
  EXPECT_EQ(decode_uvarint(unhex("ff8000")).error(), Error::varint_not_minimal);
  EXPECT_EQ(decode_uvarint(unhex("ffffffffffffffffff")).error(), Error::varint_too_long);
  EXPECT_EQ(decode_uvarint(unhex("ffffffffffffffffff01")).error(), Error::varint_too_long);
}

TEST(Uvarint, ErrorsSpeak) {
  const std::error_code error = Error::varint_not_minimal;
  EXPECT_STREQ(error.category().name(), "multiformats");
  EXPECT_EQ(error.message(), "varint not in its shortest form");
}

}  // namespace
}  // namespace mexport::multiformats
