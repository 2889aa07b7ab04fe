// SPDX-License-Identifier: MIT
#include "crypto/keys.hpp"

#include "crypto/error.hpp"
#include "tests/unit/crypto/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace mexport::crypto {
namespace {

struct Vector {
  std::string name;
  base::Bytes private_key;
  base::Bytes public_key;
  base::Bytes message;
  base::Bytes signature;
};

std::map<std::string, Vector> go_vectors() {
  std::map<std::string, Vector> vectors;
  for (const auto& row : read_vectors("keys.txt")) {
    vectors[row[0]] = {row[0], hex(row[1]), hex(row[2]), hex(row[4]), hex(row[5])};
  }
  return vectors;
}

PublicKey public_key(const Vector& vector) {
  return PublicKey::from_protobuf(vector.public_key).value();
}

class GoKeys : public testing::TestWithParam<const char*> {
 protected:
  Vector vector_ = go_vectors().at(GetParam());
};

TEST_P(GoKeys, PublicKeyVerifiesGosSignature) {
  const auto key = PublicKey::from_protobuf(vector_.public_key);
  ASSERT_TRUE(key) << key.error().message();
  EXPECT_TRUE(key->verify(vector_.message, vector_.signature));
}

TEST_P(GoKeys, PublicKeyHasItsOneEncoding) {
  const auto key = public_key(vector_);
  EXPECT_TRUE(std::ranges::equal(key.protobuf(), vector_.public_key));
  const auto again = PublicKey::from_raw(key.type(), key.raw());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, key);
}

TEST_P(GoKeys, OddProtobufsOfAPublicKeyGiveTheSameKey) {
  const auto key = public_key(vector_);
  // Data before type, a field that nobody knows, a type in more bytes than needed.
  base::Bytes odd(vector_.public_key.begin() + 2, vector_.public_key.end());
  base::append(odd, hex("1a026869"));
  base::append(odd, base::Bytes{0x08, static_cast<std::uint8_t>(0x80 | vector_.public_key[1]), 0});
  const auto parsed = PublicKey::from_protobuf(odd);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, key);
}

TEST_P(GoKeys, PublicKeyRefusesOtherMessagesAndSignatures) {
  const auto key = public_key(vector_);
  auto message = vector_.message;
  message.back() ^= 1;
  EXPECT_EQ(key.verify(message, vector_.signature).error(), Error::bad_signature);
  auto signature = vector_.signature;
  signature.back() ^= 1;
  EXPECT_EQ(key.verify(vector_.message, signature).error(), Error::bad_signature);
  signature.pop_back();
  EXPECT_FALSE(key.verify(vector_.message, signature));
  EXPECT_FALSE(key.verify(vector_.message, {}));
  EXPECT_FALSE(key.verify(vector_.message, base::Bytes(kMaxSignatureSize + 1)));
}

TEST_P(GoKeys, CutPublicKeysAreRefused) {
  const base::ByteView whole = vector_.public_key;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(PublicKey::from_protobuf(whole.first(size))) << size;
  }
}

TEST_P(GoKeys, PrivateKeySurvivesTheRoundTrip) {
  const auto key = PrivateKey::from_protobuf(vector_.private_key);
  ASSERT_TRUE(key) << key.error().message();
  EXPECT_EQ(key->to_protobuf(), vector_.private_key);
  EXPECT_TRUE(std::ranges::equal(key->public_key().protobuf(), vector_.public_key));
}

TEST_P(GoKeys, PrivateKeySigns) {
  auto key = PrivateKey::from_protobuf(vector_.private_key);
  ASSERT_TRUE(key);
  const PrivateKey moved = std::move(*key);
  const auto signature = moved.sign(vector_.message);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(public_key(vector_).verify(vector_.message, *signature));
}

TEST_P(GoKeys, CutPrivateKeysAreRefused) {
  const base::ByteView whole = vector_.private_key;
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 100) {
    EXPECT_FALSE(PrivateKey::from_protobuf(whole.first(size))) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Keys, GoKeys,
                         testing::Values("ed25519", "secp256k1", "ecdsa-p256", "ecdsa-p384",
                                         "ecdsa-p521", "rsa-2048", "rsa-4096"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class KeyTypes : public testing::TestWithParam<KeyType> {};

TEST_P(KeyTypes, GeneratedKeysSignAndSurviveTheRoundTrip) {
  const auto key = PrivateKey::generate(GetParam());
  ASSERT_TRUE(key) << key.error().message();
  EXPECT_EQ(key->type(), GetParam());
  const auto again = PrivateKey::from_protobuf(key->to_protobuf());
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->public_key(), key->public_key());
  const auto message = base::as_bytes("text");
  const auto signature = again->sign(message);
  ASSERT_TRUE(signature);
  const auto parsed = PublicKey::from_protobuf(key->public_key().protobuf());
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->verify(message, *signature));
  EXPECT_NE(PrivateKey::generate(GetParam())->public_key(), key->public_key());
}

INSTANTIATE_TEST_SUITE_P(Keys, KeyTypes,
                         testing::Values(KeyType::rsa, KeyType::ed25519, KeyType::secp256k1,
                                         KeyType::ecdsa));

// libp2p specs: peer-ids/peer-ids.md, test vectors.
TEST(Keys, VectorsOfTheSpecification) {
  const std::pair<const char*, const char*> vectors[] = {
      {"080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d1ed1e8fae2c4a144b8b"
       "e8"
       "fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e",
       "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"},
      {"0802122053dadf1d5a164d6b4acdb15e24aa4c5b1d3461bdbd42abedb0a4404d56ced8fb",
       "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99"},
      {"08031279307702010104203e5b1fe9712e6c314942a750bd67485de3c1efe85b1bfb520ae8f9ae3dfa4a4ca00a0"
       "6"
       "082a8648ce3d030107a14403420004de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda0"
       "2"
       "0e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62",
       "0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83a"
       "b"
       "ab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77"
       "c"
       "409e62"}};
  for (const auto& [private_key, public_key] : vectors) {
    const auto key = PrivateKey::from_protobuf(hex(private_key));
    ASSERT_TRUE(key) << private_key;
    EXPECT_EQ(base::to_hex(key->public_key().protobuf()), public_key);
  }
}

// RFC 8032, section 7.1, test 3.
TEST(Keys, Ed25519SignsAsTheRfc) {
  const auto key = PrivateKey::from_protobuf(
      hex("08011240c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
  ASSERT_TRUE(key);
  EXPECT_EQ(base::to_hex(*key->sign(hex("af82"))),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
}

TEST(Keys, OldEd25519FormRepeatsThePublicKey) {
  const auto vector = go_vectors().at("ed25519");
  const base::ByteView data = base::ByteView(vector.private_key).subspan(4);
  auto old = hex("08011260");
  base::append(old, data);
  base::append(old, data.last(32));
  const auto key = PrivateKey::from_protobuf(old);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->to_protobuf(), vector.private_key);
  old.back() ^= 1;
  EXPECT_EQ(PrivateKey::from_protobuf(old).error(), Error::bad_key);
}

TEST(Keys, HalvesThatDoNotFitAreRefused) {
  // A byte of the public half of each: the point, or the modulus.
  const std::pair<const char*, std::size_t> changes[] = {
      {"ed25519", 60}, {"ecdsa-p256", 100}, {"rsa-2048", 40}};
  for (const auto& [name, place] : changes) {
    auto bytes = go_vectors().at(name).private_key;
    bytes[place] ^= 1;
    const auto key = PrivateKey::from_protobuf(bytes);
    ASSERT_FALSE(key) << name;
    EXPECT_EQ(key.error(), Error::bad_key) << name;
  }
}

TEST(Keys, Secp256k1ScalarsOutOfRangeAreRefused) {
  EXPECT_FALSE(PrivateKey::from_protobuf(hex("08021220" + std::string(64, '0'))));
  EXPECT_FALSE(PrivateKey::from_protobuf(
      hex("08021220fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")));
  EXPECT_TRUE(PrivateKey::from_protobuf(
      hex("08021220fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140")));
}

// Some implementations refuse the larger s.
TEST(Keys, Secp256k1SignaturesHaveTheLowS) {
  const auto key = PrivateKey::generate(KeyType::secp256k1);
  ASSERT_TRUE(key);
  for (std::uint8_t i = 0; i < 32; ++i) {
    const auto signature = key->sign(base::Bytes{i});
    ASSERT_TRUE(signature);
    ASSERT_TRUE(key->public_key().verify(base::Bytes{i}, *signature));
    // The order's upper half begins at 7fff…5d57…; a longer or equal first byte is above it.
    const auto s_at = 4U + (*signature)[3] + 2U;
    const auto s_size = (*signature)[s_at - 1];
    ASSERT_LE(s_size, 32) << "a padded s is at least 2^255";
  }
}

TEST(Keys, UncompressedSecp256k1PointsBecomeCompressed) {
  // The generator (SEC 2, section 2.4.1).
  const std::string x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  const std::string y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
  const auto key = PublicKey::from_raw(KeyType::secp256k1, hex("04" + x + y));
  ASSERT_TRUE(key);
  EXPECT_EQ(base::to_hex(key->raw()), "02" + x);
  EXPECT_FALSE(PublicKey::from_raw(KeyType::secp256k1, hex("04" + x + x)));
  EXPECT_FALSE(PublicKey::from_raw(KeyType::secp256k1, hex("05" + x)));
  EXPECT_FALSE(PublicKey::from_raw(KeyType::secp256k1, hex("00")));
}

TEST(Keys, RefusesWhatIsNoKeyProtobuf) {
  EXPECT_EQ(PublicKey::from_protobuf({}).error(), Error::bad_key);
  EXPECT_EQ(PublicKey::from_protobuf(hex("0801")).error(), Error::bad_key);
  EXPECT_EQ(PublicKey::from_protobuf(hex("1200")).error(), Error::bad_key);
  EXPECT_EQ(PublicKey::from_protobuf(hex("08011200")).error(), Error::bad_key);
  EXPECT_EQ(PublicKey::from_protobuf(hex("08041200")).error(), Error::unsupported_key_type);
  EXPECT_EQ(PublicKey::from_protobuf(hex("08ffffffffffffffffff011200")).error(),
            Error::unsupported_key_type);
  EXPECT_EQ(PublicKey::from_protobuf(hex("0801127fab")).error(), Error::bad_key);
  EXPECT_EQ(PublicKey::from_protobuf(hex("0a0112")).error(), Error::bad_key);
  EXPECT_EQ(PublicKey::from_protobuf(base::Bytes(kMaxPublicKeySize + 1)).error(),
            Error::key_too_large);
  EXPECT_EQ(PrivateKey::from_protobuf(base::Bytes(kMaxPrivateKeySize + 1)).error(),
            Error::key_too_large);
  EXPECT_EQ(PrivateKey::from_protobuf(hex("08041200")).error(), Error::unsupported_key_type);
}

TEST(Keys, TypeAndDataMustFit) {
  for (const auto& [name, vector] : go_vectors()) {
    const auto key = public_key(vector);
    for (const auto type : {KeyType::rsa, KeyType::secp256k1, KeyType::ecdsa, KeyType::ed25519}) {
      if (type == key.type()) continue;
      EXPECT_FALSE(PublicKey::from_raw(type, key.raw())) << name;
    }
  }
}

// SubjectPublicKeyInfo of RSA keys with 1024 bits, and with 2048 bits and an exponent of 33 bits.
TEST(Keys, RsaKeysOutOfRangeAreRefused) {
  const auto small = PublicKey::from_raw(
      KeyType::rsa, hex("30819f300d06092a864886f70d010101050003818d0030818902818100" +
                        std::string(254, 'c') + "cd" + "0203010001"));
  ASSERT_FALSE(small);
  EXPECT_EQ(small.error(), Error::rsa_size);
  const auto large_exponent =
      PublicKey::from_raw(KeyType::rsa, hex("30820124300d06092a864886f70d01010105000382011100"
                                            "3082010c"

                                            "0282010100" +
                                            std::string(510, 'c') + "cd" + "02050100000001"));
  ASSERT_FALSE(large_exponent);
  EXPECT_EQ(large_exponent.error(), Error::bad_key);
}

TEST(Keys, OtherCurvesAreUnsupported) {
  // SubjectPublicKeyInfo of the generator of secp256k1, whose place is its own key type.
  const auto key = PublicKey::from_raw(
      KeyType::ecdsa, hex("3056301006072a8648ce3d020106052b8104000a03420004"
                          "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                          "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error(), Error::unsupported_key_type);
}

TEST(Keys, OnlyTheCanonicalEncodingCounts) {
  auto raw = base::to_bytes(public_key(go_vectors().at("ecdsa-p256")).raw());
  raw.push_back(0);  // data behind the structure
  EXPECT_EQ(PublicKey::from_raw(KeyType::ecdsa, raw).error(), Error::bad_key);
  raw.pop_back();
  // The same point, compressed.
  base::Bytes compressed = hex("3039301306072a8648ce3d020106082a8648ce3d030107032200");
  compressed.push_back(static_cast<std::uint8_t>(2 + (raw.back() & 1)));
  compressed.insert(compressed.end(), raw.end() - 64, raw.end() - 32);
  EXPECT_EQ(PublicKey::from_raw(KeyType::ecdsa, compressed).error(), Error::bad_key);
}

}  // namespace
}  // namespace mexport::crypto
