// SPDX-License-Identifier: MIT
#include "crypto/hash.hpp"

#include "tests/unit/crypto/vectors.hpp"

#include <gtest/gtest.h>

namespace mexport::crypto {
namespace {

// FIPS 180-4 examples.
TEST(Hash, Sha256) {
  EXPECT_EQ(base::to_hex(sha256(base::as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(base::to_hex(sha256(base::ByteView{})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, Sha256OfManyBytes) {
  EXPECT_EQ(base::to_hex(sha256(base::Bytes(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, Sha256OfPartsIsThatOfTheWhole) {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 127U, 128U, 200U}) {
    base::Bytes data(size);
    for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::uint8_t>(i);
    const base::ByteView view = data;
    EXPECT_EQ(sha256({view.first(size / 3), view.subspan(size / 3)}), sha256(data)) << size;
  }
}

TEST(Hash, Sha512) {
  EXPECT_EQ(base::to_hex(sha512(base::as_bytes("abc"))),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

// RFC 4231, test cases 2 and 6 (a key longer than a block).
TEST(Hash, HmacSha256) {
  EXPECT_EQ(base::to_hex(hmac_sha256(base::as_bytes("Jefe"), {base::as_bytes("what do ya want "),
                                                              base::as_bytes("for nothing?")})
                             .view()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      base::to_hex(
          hmac_sha256(base::Bytes(131, 0xaa),
                      {base::as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})
              .view()),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 5869, test case 3: no salt, no info; its first 32 bytes are Noise's first output.
TEST(Hash, Hkdf) {
  const auto keys = hkdf_sha256(base::Bytes(32), base::Bytes(22, 0x0b));
  EXPECT_EQ(base::to_hex(keys.first.view()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
  EXPECT_EQ(base::to_hex(keys.second.view()).substr(0, 20), "9d201395faa4b61a96c8");
}

}  // namespace
}  // namespace mexport::crypto
