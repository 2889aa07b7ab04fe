// SPDX-License-Identifier: MIT
#include "libp2p/tls/der.hpp"
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::tls::der {
namespace {

std::optional<std::size_t> size_of(const std::string& text) {
  const auto bytes = hex(text);
  Reader reader(bytes);
  const auto element = reader.next();
  return element ? std::optional(element->contents.size()) : std::nullopt;
}

TEST(TlsDer, ReadsOneElementAfterTheOther) {
  const auto bytes = hex("020105040361626305003000");
  Reader reader(bytes);
  const auto number = reader.next(Tag::integer);
  ASSERT_TRUE(number);
  EXPECT_EQ(base::to_hex(number->contents), "05");
  EXPECT_EQ(base::to_hex(number->whole), "020105");
  EXPECT_FALSE(reader.next(Tag::null));
  const auto octets = reader.next(Tag::octet_string);
  ASSERT_TRUE(octets);
  EXPECT_EQ(base::as_text(octets->contents), "abc");
  EXPECT_TRUE(reader.next(Tag::null));
  EXPECT_FALSE(reader.at_end());
  EXPECT_TRUE(reader.next(Tag::sequence));
  EXPECT_TRUE(reader.at_end());
  EXPECT_FALSE(reader.next());
}

TEST(TlsDer, LengthsAreMinimalAndWithinTheInput) {
  EXPECT_EQ(size_of("047f" + std::string(254, '0')), 127U);
  EXPECT_EQ(size_of("048180" + std::string(256, '0')), 128U);
  EXPECT_EQ(size_of("04820100" + std::string(512, '0')), 256U);
  EXPECT_FALSE(size_of("04"));                                    // no length
  EXPECT_FALSE(size_of("0401"));                                  // less than announced
  EXPECT_FALSE(size_of("04817f" + std::string(254, '0')));        // long form of a short one
  EXPECT_FALSE(size_of("0482007f" + std::string(254, '0')));      // leading zero
  EXPECT_FALSE(size_of("0480" + std::string(254, '0')));          // indefinite
  EXPECT_FALSE(size_of("048401000000" + std::string(254, '0')));  // four bytes of length
  EXPECT_FALSE(size_of("04ff" + std::string(254, '0')));
}

TEST(TlsDer, TagsHaveOneByte) {
  EXPECT_FALSE(size_of("1f8101050100"));
  EXPECT_FALSE(size_of("bf0100"));
}

TEST(TlsDer, OnlyTakesNothingBehindIt) {
  EXPECT_TRUE(only(hex("3000"), Tag::sequence));
  EXPECT_FALSE(only(hex("300000"), Tag::sequence));
  EXPECT_FALSE(only(hex("0400"), Tag::sequence));
  EXPECT_FALSE(only({}, Tag::sequence));
}

TEST(TlsDer, WritesWhatItReads) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 1000U, 65535U}) {
    base::Bytes out;
    append(out, Tag::octet_string, base::Bytes(size, 7));
    const auto element = only(out, Tag::octet_string);
    ASSERT_TRUE(element) << size;
    EXPECT_EQ(element->contents.size(), size);
  }
}

}  // namespace
}  // namespace mexport::libp2p::tls::der
