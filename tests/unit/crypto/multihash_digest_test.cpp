// SPDX-License-Identifier: MIT
#include "crypto/multihash_digest.hpp"

#include "crypto/error.hpp"
#include "tests/unit/crypto/vectors.hpp"

#include <gtest/gtest.h>

namespace mexport::crypto {
namespace {

base::Bytes data_of(const std::string& word) {
  if (word == "data-a") return base::to_bytes(base::as_bytes(word));
  const auto size = std::stoul(word);
  base::Bytes data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::uint8_t>(7 * i + size);
  return data;
}

TEST(MultihashDigest, AgreesWithGoMultihash) {
  std::size_t refused = 0;
  for (const auto& row : read_vectors("multihash_digests.txt")) {
    SCOPED_TRACE(row[0] + " " + row[1] + " " + row[2]);
    base::Bytes out;
    const auto status =
        append_digest(std::stoull(row[0]), std::stoull(row[1]), data_of(row[2]), out);
    if (row[3] == "refused") {
      EXPECT_FALSE(status);
      EXPECT_TRUE(out.empty());
      ++refused;
    } else {
      ASSERT_TRUE(status);
      EXPECT_EQ(out, row[3] == "-" ? base::Bytes{} : hex(row[3]));
    }
  }
  EXPECT_GT(refused, 50U);
}

TEST(MultihashDigest, KnowsWhatItDigests) {
  for (const auto& row : read_vectors("multihash_digests.txt")) {
    const auto code = std::stoull(row[0]);
    base::Bytes out;
    const auto status = append_digest(code, 8, data_of("data-a"), out);
    EXPECT_EQ(is_known_hash(code), status || status.error() != Error::unknown_hash) << code;
  }
  EXPECT_TRUE(is_known_hash(0));
  EXPECT_FALSE(is_known_hash(0x300000));
  EXPECT_FALSE(is_known_hash(~std::uint64_t{0}));
}

TEST(MultihashDigest, AppendsBehindWhatIsThere) {
  auto out = hex("0155");
  ASSERT_TRUE(append_digest(0xd5, 4, {}, out));
  EXPECT_EQ(base::to_hex(out), "0155d41d8cd9");
}

TEST(MultihashDigest, IdentityTakesAllWhateverTheSize) {
  const base::Bytes data(200, 7);
  for (const std::uint64_t size : {0ULL, 5ULL, 200ULL, ~0ULL}) {
    base::Bytes out;
    ASSERT_TRUE(append_digest(0, size, data, out));
    EXPECT_EQ(out, data);
  }
}

TEST(MultihashDigest, RefusesWithTheRightError) {
  base::Bytes out;
  EXPECT_EQ(append_digest(0x12, 33, {}, out).error(), Error::bad_digest_size);
  EXPECT_EQ(append_digest(0x12, ~std::uint64_t{0}, {}, out).error(), Error::bad_digest_size);
  EXPECT_EQ(append_digest(0x1e, 0, {}, out).error(), Error::bad_digest_size);
  EXPECT_EQ(append_digest(0x1012, 32, {}, out).error(), Error::unknown_hash);
}

}  // namespace
}  // namespace mexport::crypto
