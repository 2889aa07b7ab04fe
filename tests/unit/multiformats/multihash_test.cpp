// SPDX-License-Identifier: MIT
#include "multiformats/multihash.hpp"

#include "multiformats/error.hpp"
#include "tests/unit/multiformats/vectors.hpp"

#include <gtest/gtest.h>

namespace mexport::multiformats {
namespace {

using test::unhex;

TEST(Multihash, RoundTrips) {
  for (const std::uint64_t code : {0x00U, 0x12U, 0xb220U, 0x300000U}) {
    for (const std::size_t size : {0U, 1U, 32U, 127U, 128U, 300U}) {
      const base::Bytes digest(size, 0x5a);
      base::Bytes bytes;
      append_multihash(bytes, code, digest);
      const auto back = parse_multihash(bytes);
      ASSERT_TRUE(back);
      EXPECT_EQ(back->code, code);
      EXPECT_EQ(base::to_bytes(back->digest), digest);
    }
  }
}

TEST(Multihash, NamesItsFunction) {
  const auto hash = unhex("1b02aabb");
  const auto view = parse_multihash(hash);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->is(HashCode::keccak_256));
  EXPECT_FALSE(view->is(HashCode::sha2_256));
}

TEST(Multihash, DigestFillsTheRestExactly) {
  EXPECT_EQ(parse_multihash({}).error(), Error::truncated);
  EXPECT_EQ(parse_multihash(unhex("12")).error(), Error::truncated);
  EXPECT_EQ(parse_multihash(unhex("1202aa")).error(), Error::truncated);
  EXPECT_EQ(parse_multihash(unhex("1202aabbcc")).error(), Error::trailing_bytes);
  EXPECT_EQ(parse_multihash(unhex("128200aabb")).error(), Error::varint_not_minimal);
  EXPECT_EQ(parse_multihash(unhex("128080808008")).error(), Error::bad_multihash);
  EXPECT_EQ(parse_multihash(unhex("12ffffffff07")).error(), Error::truncated);
}

}  // namespace
}  // namespace mexport::multiformats
