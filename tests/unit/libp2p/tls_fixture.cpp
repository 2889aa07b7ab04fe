// SPDX-License-Identifier: MIT
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <openssl/rsa.h>

#include <stdexcept>

namespace mexport::libp2p::tls {
namespace {

void must(bool good) {
  if (!good) throw std::runtime_error("OpenSSL has failed");
}

KeyPtr make_key(const std::string& kind) {
  if (kind == "RSA") return KeyPtr(EVP_RSA_gen(2048U));
  if (kind == "ED25519") return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return KeyPtr(EVP_EC_gen(kind.c_str()));
}

template <class Encode, class Object>
base::Bytes encoded(Encode encode, Object* object) {
  unsigned char* bytes = nullptr;
  const auto size = encode(object, &bytes);
  must(size > 0);
  base::Bytes copy(bytes, bytes + size);
  OPENSSL_free(bytes);
  return copy;
}

void add_extension(X509* certificate, const char* id, bool critical, base::ByteView value) {
  const ObjectPtr object(OBJ_txt2obj(id, 1));
  const OctetsPtr octets(ASN1_OCTET_STRING_new());
  must(object && octets &&
       ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size())) == 1);
  const ExtensionPtr extension(
      X509_EXTENSION_create_by_OBJ(nullptr, object.get(), critical ? 1 : 0, octets.get()));
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

MadeCertificate make_test_certificate(const PeerIdentity& identity,
                                      const CertificateRecipe& recipe) {
  MadeCertificate made{CertificatePtr(X509_new()), make_key(recipe.leaf), {}};
  X509* certificate = made.certificate.get();
  must(certificate != nullptr && made.key && X509_set_version(certificate, 2) == 1 &&
       ASN1_INTEGER_set(X509_get_serialNumber(certificate), 4711) == 1 &&
       X509_set_pubkey(certificate, made.key.get()) == 1);
  const auto at = [](std::chrono::seconds after) {
    return static_cast<time_t>(1'800'000'000 + after.count());
  };
  ASN1_TIME_set(X509_getm_notBefore(certificate), at(recipe.from));
  ASN1_TIME_set(X509_getm_notAfter(certificate), at(recipe.to));

  const auto other = make_key("P-256");
  const auto key_info = encoded(i2d_PUBKEY, recipe.foreign_identity ? other.get() : made.key.get());
  const auto signature = identity.private_key().sign(signed_text(key_info)).value();
  const auto value = encode_signed_key({identity.public_key().protobuf(), signature});
  for (int i = 0; i < recipe.identities; ++i) {
    add_extension(certificate, "1.3.6.1.4.1.53594.1.1", recipe.critical_identity, value);
  }
  if (!recipe.other_extension.empty()) {
    add_extension(certificate, recipe.other_extension.c_str(), true, hex("0500"));
  }
  if (recipe.ballast > 0) {
    add_extension(certificate, "1.3.6.1.4.1.53594.9.8", false, base::Bytes(recipe.ballast));
  }
  const EVP_MD* digest =
      recipe.leaf == "ED25519" ? nullptr : EVP_get_digestbyname(recipe.digest.c_str());
  must(X509_sign(certificate, recipe.foreign_signature ? other.get() : made.key.get(), digest) > 0);
  made.der = encoded(i2d_X509, certificate);
  return made;
}

}  // namespace mexport::libp2p::tls
