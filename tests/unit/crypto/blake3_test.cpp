// SPDX-License-Identifier: MIT
#include "crypto/blake3.hpp"

#include "tests/unit/crypto/vectors.hpp"

#include <gtest/gtest.h>

namespace mexport::crypto {
namespace {

TEST(Blake3, OfficialVectors) {
  for (const auto& row : read_vectors("blake3.txt")) {
    base::Bytes data(std::stoul(row[0]));
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i % 251);
    base::Bytes out(row[1].size() / 2);
    blake3(data, out);
    EXPECT_EQ(base::to_hex(out), row[1]) << row[0];
  }
}

TEST(Blake3, ShorterOutputsAreBeginnings) {
  const auto data = base::as_bytes("data");
  base::Bytes whole(200);
  blake3(data, whole);
  for (const std::size_t size : {0U, 1U, 31U, 63U, 64U, 65U, 128U}) {
    base::Bytes out(size);
    blake3(data, out);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), whole.begin())) << size;
  }
}

}  // namespace
}  // namespace mexport::crypto
