// SPDX-License-Identifier: MIT
#include "crypto/x25519.hpp"

#include "crypto/error.hpp"
#include "tests/unit/crypto/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mexport::crypto {
namespace {

std::array<std::uint8_t, 32> array(std::string_view text) {
  std::array<std::uint8_t, 32> out;
  std::ranges::copy(hex(text), out.begin());
  return out;
}

// RFC 7748, section 6.1: Bob's side.
TEST(X25519, ExchangeOfTheRfc) {
  const X25519KeyPair bob(
      X25519SecretKey(array("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")));
  EXPECT_EQ(base::to_hex(bob.public_key()),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const auto shared =
      bob.derive(array("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
  ASSERT_TRUE(shared);
  EXPECT_EQ(base::to_hex(shared->view()),
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST(X25519, GeneratedPairsAgreeAndDiffer) {
  const auto a = X25519KeyPair::generate();
  const auto b = X25519KeyPair::generate();
  EXPECT_NE(a.public_key(), b.public_key());
  const auto ab = a.derive(b.public_key());
  const auto ba = b.derive(a.public_key());
  ASSERT_TRUE(ab && ba);
  EXPECT_TRUE(std::ranges::equal(ab->view(), ba->view()));
}

// The points of small order and their other encodings: each gives the shared secret zero.
TEST(X25519, RefusesLowOrderPoints) {
  const auto pair = X25519KeyPair::generate();
  for (const auto* const point :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    const auto shared = pair.derive(array(point));
    ASSERT_FALSE(shared) << point;
    EXPECT_EQ(shared.error(), Error::low_order_point);
  }
}

TEST(Secret, WipeZeroes) {
  base::Bytes bytes(40, 7);
  wipe(bytes);
  EXPECT_EQ(bytes, base::Bytes(40));
  wipe({});
}

}  // namespace
}  // namespace mexport::crypto
