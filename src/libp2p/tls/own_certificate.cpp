// SPDX-License-Identifier: MIT
#include "libp2p/tls/own_certificate.hpp"

#include "crypto/error.hpp"
#include "libp2p/tls/certificate.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <utility>

namespace mexport::libp2p::tls {
namespace {

constexpr int kVersion3 = 2;
constexpr int kSerialBits = 64;

base::Bytes key_info_of(EVP_PKEY* key) {
  unsigned char* encoded = nullptr;
  const auto size = i2d_PUBKEY(key, &encoded);
  if (size <= 0) return {};
  base::Bytes bytes(encoded, encoded + size);
  OPENSSL_free(encoded);
  return bytes;
}

bool set_serial(X509* certificate) {
  const NumberPtr number(BN_new());
  return number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

/// Issuer and subject are the same random number, as Go has it.
bool set_names(X509* certificate) {
  const NumberPtr number(BN_new());
  if (!number || BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1) {
    return false;
  }
  const std::unique_ptr<char, decltype([](char* text) { OPENSSL_free(text); })> text(
      BN_bn2dec(number.get()));
  X509_NAME* name = X509_get_subject_name(certificate);
  return text &&
         X509_NAME_add_entry_by_txt(name, "serialNumber", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(text.get()), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool set_validity(X509* certificate, base::WallTime now) {
  const auto from = std::chrono::floor<std::chrono::seconds>(now) - kValidBefore;
  const auto to = from + std::chrono::duration_cast<std::chrono::seconds>(kValidFor);
  const auto seconds = [](auto time) {
    return static_cast<time_t>(time.time_since_epoch().count());
  };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(from)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(to)) != nullptr;
}

bool add_identity(X509* certificate, base::ByteView signed_key) {
  // 1.3.6.1.4.1.53594.1.1, without a place in OpenSSL's table of names.
  const ObjectPtr id(OBJ_txt2obj("1.3.6.1.4.1.53594.1.1", 1));
  const OctetsPtr value(ASN1_OCTET_STRING_new());
  if (!id || !value ||
      ASN1_OCTET_STRING_set(value.get(), signed_key.data(), static_cast<int>(signed_key.size())) !=
          1) {
    return false;
  }
  const ExtensionPtr extension(X509_EXTENSION_create_by_OBJ(nullptr, id.get(), 0, value.get()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

}  // namespace

base::Bytes OwnCertificate::der() const {
  unsigned char* encoded = nullptr;
  const auto size = i2d_X509(certificate.get(), &encoded);
  if (size <= 0) return {};
  base::Bytes bytes(encoded, encoded + size);
  OPENSSL_free(encoded);
  return bytes;
}

base::Result<OwnCertificate> make_certificate(const PeerIdentity& identity, base::WallTime now) {
  OwnCertificate own{CertificatePtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  const auto failed = [] {
    ERR_clear_error();
    return base::fail(crypto::Error::signing_failed);
  };
  if (!own.certificate || !own.key) return failed();
  const auto text = signed_text(key_info_of(own.key.get()));
  const auto signature = identity.private_key().sign(text);
  if (!signature) return base::fail(signature.error());
  const auto signed_key = encode_signed_key({identity.public_key().protobuf(), *signature});
  X509* certificate = own.certificate.get();
  if (X509_set_version(certificate, kVersion3) != 1 || !set_serial(certificate) ||
      !set_names(certificate) || !set_validity(certificate, now) ||
      X509_set_pubkey(certificate, own.key.get()) != 1 || !add_identity(certificate, signed_key) ||
      X509_sign(certificate, own.key.get(), EVP_sha256()) <= 0) {
    return failed();
  }
  return own;
}

}  // namespace mexport::libp2p::tls
