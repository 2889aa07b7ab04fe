// SPDX-License-Identifier: MIT
#include "libp2p/tls/error.hpp"
#include "libp2p/tls/own_certificate.hpp"
#include "libp2p/tls/verify.hpp"
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mexport::libp2p::tls {
namespace {

const base::WallTime kNow = SetClock().wall;

base::Result<VerifiedPeer> verify(base::ByteView der, base::WallTime now = kNow,
                                  const multiformats::PeerId& expected = {}) {
  return verify_peer({&der, 1}, now, expected);
}

class TlsVectors : public testing::TestWithParam<const char*> {};

TEST_P(TlsVectors, TellWhoTheyAuthenticate) {
  const auto vector = read_vectors("certificates.txt").at(GetParam());
  const auto peer = multiformats::PeerId::from_string(vector[0]).value();
  const auto verified = verify(hex(vector[1]), kNow, peer);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->peer, peer);
}

TEST_P(TlsVectors, NoByteMayChange) {
  const auto der = hex(read_vectors("certificates.txt").at(GetParam())[1]);
  for (std::size_t i = 0; i < der.size(); ++i) {
    auto changed = der;
    changed[i] ^= static_cast<std::uint8_t>(1U << i % 8);
    EXPECT_FALSE(verify(changed)) << "byte " << i;
  }
}

TEST_P(TlsVectors, NothingMayLackOrFollow) {
  auto der = hex(read_vectors("certificates.txt").at(GetParam())[1]);
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_EQ(parse_certificate(base::ByteView(der).first(size)).error(), Error::bad_certificate);
  }
  der.push_back(0);
  EXPECT_EQ(parse_certificate(der).error(), Error::bad_certificate);
}

INSTANTIATE_TEST_SUITE_P(Specification, TlsVectors,
                         testing::Values("ed25519", "ecdsa", "secp256k1"));

TEST(TlsCertificate, TheSpecificationsBadOneIsRefused) {
  const auto der = hex(read_vectors("certificates.txt").at("wrong-signature")[1]);
  EXPECT_EQ(verify(der).error(), Error::bad_signature);
}

class TlsIdentityKeys : public testing::TestWithParam<crypto::KeyType> {};

TEST_P(TlsIdentityKeys, OurOwnCertificateVerifies) {
  const PeerIdentity identity(crypto::PrivateKey::generate(GetParam()).value());
  const auto own = make_certificate(identity, kNow);
  ASSERT_TRUE(own);
  const auto verified = verify(own->der());
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->peer, identity.peer_id());
  EXPECT_EQ(verified->key, identity.public_key());
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsIdentityKeys,
                         testing::Values(crypto::KeyType::ed25519, crypto::KeyType::rsa,
                                         crypto::KeyType::secp256k1, crypto::KeyType::ecdsa));

TEST(TlsCertificate, OursIsValidFromADayAgoForACentury) {
  const auto own = make_certificate(PeerIdentity::generate().value(), kNow).value();
  EXPECT_TRUE(verify(own.der(), kNow - 23h));
  EXPECT_EQ(verify(own.der(), kNow - 25h).error(), Error::not_valid_now);
  EXPECT_TRUE(verify(own.der(), kNow + std::chrono::years(99)));
  EXPECT_EQ(verify(own.der(), kNow + std::chrono::years(101)).error(), Error::not_valid_now);
}

TEST(TlsCertificate, OursHasARandomSerialNumber) {
  const auto identity = PeerIdentity::generate().value();
  const auto one = make_certificate(identity, kNow).value();
  const auto two = make_certificate(identity, kNow).value();
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate.get()),
                             X509_get0_serialNumber(two.certificate.get())),
            0);
}

class TlsLeafKeys : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(TlsLeafKeys, AreTaken) {
  const auto identity = PeerIdentity::generate().value();
  CertificateRecipe recipe;
  recipe.leaf = GetParam().first;
  recipe.digest = GetParam().second;
  const auto verified = verify(make_test_certificate(identity, recipe).der);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->peer, identity.peer_id());
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsLeafKeys,
                         testing::Values(std::pair("P-256", "SHA256"), std::pair("P-256", "SHA512"),
                                         std::pair("P-384", "SHA384"), std::pair("P-521", "SHA512"),
                                         std::pair("RSA", "SHA256"), std::pair("RSA", "SHA384"),
                                         std::pair("RSA", "SHA512"), std::pair("ED25519", "")));

struct BadRecipe {
  const char* what;
  void (*spoil)(CertificateRecipe&);
  Error error;
};

class TlsBadCertificates : public testing::TestWithParam<BadRecipe> {};

TEST_P(TlsBadCertificates, AreRefused) {
  CertificateRecipe recipe;
  GetParam().spoil(recipe);
  const auto made = make_test_certificate(PeerIdentity::generate().value(), recipe);
  EXPECT_EQ(verify(made.der).error(), GetParam().error) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    Tls, TlsBadCertificates,
    testing::Values(
        BadRecipe{"expired", [](CertificateRecipe& r) { r.to = -1s; }, Error::not_valid_now},
        BadRecipe{"not valid yet", [](CertificateRecipe& r) { r.from = 1s; }, Error::not_valid_now},
        BadRecipe{"another's signature", [](CertificateRecipe& r) { r.foreign_signature = true; },
                  Error::bad_self_signature},
        BadRecipe{"no identity", [](CertificateRecipe& r) { r.identities = 0; },
                  Error::no_identity},
        BadRecipe{"two identities", [](CertificateRecipe& r) { r.identities = 2; },
                  Error::no_identity},
        BadRecipe{"unknown critical extension",
                  [](CertificateRecipe& r) { r.other_extension = "1.2.3.4"; },
                  Error::critical_extension},
        BadRecipe{"another key's signature",
                  [](CertificateRecipe& r) { r.foreign_identity = true; }, Error::bad_signature},
        BadRecipe{"a curve that is not in use", [](CertificateRecipe& r) { r.leaf = "secp256k1"; },
                  Error::bad_self_signature},
        BadRecipe{"SHA-1", [](CertificateRecipe& r) { r.digest = "SHA1"; },
                  Error::bad_certificate}));

TEST(TlsCertificate, TheLastSecondsOfItsTimeCount) {
  CertificateRecipe recipe;
  recipe.from = 0s;
  recipe.to = 0s;
  const auto made = make_test_certificate(PeerIdentity::generate().value(), recipe);
  EXPECT_TRUE(verify(made.der, kNow));
  EXPECT_TRUE(verify(made.der, kNow + 999ms));
  EXPECT_EQ(verify(made.der, kNow + 1s).error(), Error::not_valid_now);
  EXPECT_EQ(verify(made.der, kNow - 1ms).error(), Error::not_valid_now);
}

TEST(TlsCertificate, ExtensionsOfCommonUseMayBeCritical) {
  CertificateRecipe recipe;
  recipe.critical_identity = true;
  recipe.other_extension = "2.5.29.15";  // key usage
  EXPECT_TRUE(verify(make_test_certificate(PeerIdentity::generate().value(), recipe).der));
}

TEST(TlsCertificate, ExactlyOneIsTaken) {
  const auto made = make_test_certificate(PeerIdentity::generate().value());
  const std::array<base::ByteView, 2> two{made.der, made.der};
  EXPECT_EQ(verify_peer(two, kNow, {}).error(), Error::certificate_count);
  EXPECT_EQ(verify_peer({}, kNow, {}).error(), Error::certificate_count);
}

TEST(TlsCertificate, AnotherPeerThanExpected) {
  const auto made = make_test_certificate(PeerIdentity::generate().value());
  EXPECT_EQ(verify(made.der, kNow, PeerIdentity::generate().value().peer_id()).error(),
            Error::peer_mismatch);
}

TEST(TlsCertificate, LargeOnesAreNotRead) {
  EXPECT_EQ(verify(base::Bytes(kMaxCertificateSize + 1, 0x30)).error(),
            Error::certificate_too_large);
}

TEST(TlsCertificate, ExtensionsAreCounted) {
  CertificateRecipe recipe;
  recipe.identities = static_cast<int>(kMaxExtensions);
  const auto identity = PeerIdentity::generate().value();
  EXPECT_EQ(verify(make_test_certificate(identity, recipe).der).error(), Error::no_identity);
  ++recipe.identities;
  EXPECT_EQ(verify(make_test_certificate(identity, recipe).der).error(), Error::bad_certificate);
}

TEST(TlsCertificate, SignedKeysAreTwoOctetStrings) {
  const auto key = encode_signed_key({hex("0a0b"), hex("0c")});
  EXPECT_EQ(base::to_hex(key), "300704020a0b04010c");
  const auto parsed = parse_signed_key(key);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(base::to_hex(parsed->public_key), "0a0b");
  for (const auto* bad : {"", "3000", "300404020a0b", "300904020a0b04010c0500",
                          "310704020a0b04010c", "300704020a0b04010c00"}) {
    EXPECT_EQ(parse_signed_key(hex(bad)).error(), Error::bad_identity) << bad;
  }
}

}  // namespace
}  // namespace mexport::libp2p::tls
