// SPDX-License-Identifier: MIT
#include "crypto/aead.hpp"

#include "crypto/error.hpp"
#include "tests/unit/crypto/vectors.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace mexport::crypto {
namespace {

AeadKey test_key() {
  std::array<std::uint8_t, 32> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(0x80 + i);
  return AeadKey(bytes);
}

// Small, around both sides of the switch between the libraries, and the largest Noise message.
class AeadSizes : public testing::TestWithParam<std::size_t> {
 protected:
  AeadSizes() : plaintext_(GetParam()) {
    for (std::size_t i = 0; i < plaintext_.size(); ++i) {
      plaintext_[i] = static_cast<std::uint8_t>(i * 31);
    }
    sealed_.resize(plaintext_.size() + kAeadTagSize);
    aead_.encrypt(key_, kNumber, ad_, plaintext_, sealed_);
  }

  static constexpr std::uint64_t kNumber = 0x0102030405060708;
  Aead aead_;
  AeadKey key_ = test_key();
  base::Bytes ad_ = hex("50515253c0c1c2c3c4c5c6c7");
  base::Bytes plaintext_;
  base::Bytes sealed_;
};

TEST_P(AeadSizes, NonceIsFourZerosAndTheNumberLittleEndian) {
  const auto nonce = hex("000000000807060504030201");
  base::Bytes expected(sealed_.size());
  crypto_aead_chacha20poly1305_ietf_encrypt(expected.data(), nullptr, plaintext_.data(),
                                            plaintext_.size(), ad_.data(), ad_.size(), nullptr,
                                            nonce.data(), key_.data());
  EXPECT_EQ(sealed_, expected);
}

TEST_P(AeadSizes, DecryptsToAnotherPlace) {
  base::Bytes out(plaintext_.size());
  ASSERT_TRUE(aead_.decrypt(key_, kNumber, ad_, sealed_, out));
  EXPECT_EQ(out, plaintext_);
}

TEST_P(AeadSizes, WorksInPlace) {
  auto buffer = plaintext_;
  buffer.resize(sealed_.size());
  aead_.encrypt(key_, kNumber, ad_, base::ByteView(buffer).first(plaintext_.size()), buffer);
  EXPECT_EQ(buffer, sealed_);
  ASSERT_TRUE(aead_.decrypt(key_, kNumber, ad_, buffer, buffer));
  buffer.resize(plaintext_.size());
  EXPECT_EQ(buffer, plaintext_);
}

TEST_P(AeadSizes, RefusesWhatWasChanged) {
  base::Bytes out(plaintext_.size());
  for (std::size_t i = 0; i < sealed_.size(); i += 1 + sealed_.size() / 40) {
    auto changed = sealed_;
    changed[i] ^= 1;
    EXPECT_EQ(aead_.decrypt(key_, kNumber, ad_, changed, out).error(), Error::decryption_failed);
  }
  EXPECT_FALSE(aead_.decrypt(key_, kNumber + 1, ad_, sealed_, out));
  EXPECT_FALSE(aead_.decrypt(key_, kNumber, {}, sealed_, out));
  EXPECT_FALSE(aead_.decrypt(AeadKey(), kNumber, ad_, sealed_, out));
  ASSERT_TRUE(aead_.decrypt(key_, kNumber, ad_, sealed_, out));
}

INSTANTIATE_TEST_SUITE_P(Aead, AeadSizes,
                         testing::Values(0, 1, 63, 64, 65, Aead::kBulkThreshold - 1,
                                         Aead::kBulkThreshold, Aead::kBulkThreshold + 1, 65519));

TEST(Aead, RefusesWhatIsShorterThanATag) {
  Aead aead;
  base::Bytes out(16);
  EXPECT_EQ(aead.decrypt(test_key(), 0, {}, base::Bytes(15), out).error(),
            Error::decryption_failed);
  EXPECT_EQ(aead.decrypt(test_key(), 0, {}, {}, out).error(), Error::decryption_failed);
}

}  // namespace
}  // namespace mexport::crypto
