// SPDX-License-Identifier: MIT
#include "crypto/openssl_keys.hpp"

#include "crypto/ec_keys.hpp"
#include "crypto/error.hpp"
#include "crypto/openssl_types.hpp"
#include "crypto/secp256k1.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mexport::crypto {
namespace {

// OpenSSL keeps the errors of each thread in a list; the caller gets ours instead.
struct ClearErrors {
  ~ClearErrors() { ERR_clear_error(); }
};

/// As Go, which refuses larger exponents; it also bounds the time of a verification.
constexpr int kMaxRsaExponentBits = 31;

base::Status check_rsa(EVP_PKEY* key) {
  const auto bits = EVP_PKEY_get_bits(key);
  if (bits < kMinRsaBits || bits > kMaxRsaBits) return base::fail(Error::rsa_size);
  BIGNUM* exponent = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1) {
    return base::fail(Error::bad_key);
  }
  const SecretNumberPtr owned(exponent);
  if (BN_num_bits(exponent) > kMaxRsaExponentBits || !BN_is_odd(exponent) || BN_is_one(exponent)) {
    return base::fail(Error::bad_key);
  }
  return {};
}

base::Status check_ecdsa(EVP_PKEY* key) {
  static constexpr std::array<std::string_view, 3> kCurves{"prime256v1", "secp384r1", "secp521r1"};
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1 ||
      std::find(std::begin(kCurves), std::end(kCurves), std::string_view(name.data(), size)) ==
          std::end(kCurves)) {
    return base::fail(Error::unsupported_key_type);
  }
  return {};
}

base::Status check(KeyType type, EVP_PKEY* key) {
  const auto id = EVP_PKEY_get_base_id(key);
  if (type == KeyType::rsa) return id == EVP_PKEY_RSA ? check_rsa(key) : base::fail(Error::bad_key);
  return id == EVP_PKEY_EC ? check_ecdsa(key) : base::fail(Error::bad_key);
}

const EVP_MD* algorithm(Digest digest) {
  switch (digest) {
    case Digest::sha384:
      return EVP_sha384();
    case Digest::sha512:
      return EVP_sha512();
    default:
      return EVP_sha256();
  }
}

/// SubjectPublicKeyInfo; elliptic points uncompressed, as Go writes and expects them.
base::Bytes encode_public_info(KeyType type, EVP_PKEY* key) {
  if (type == KeyType::ecdsa &&
      EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                     OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) != 1) {
    return {};
  }
  unsigned char* encoded = nullptr;
  const auto size = i2d_PUBKEY(key, &encoded);
  return take_encoded(encoded, size);
}

}  // namespace

base::Result<OpenSslKey> parse_public(KeyType type, base::ByteView raw) {
  const ClearErrors clear;
  if (type == KeyType::secp256k1) return parse_secp256k1_public(raw);
  if (type == KeyType::ecdsa) {
    if (auto key = parse_curve_key_info(raw)) return key;
  }
  const auto* in = raw.data();
  auto key = adopt(d2i_PUBKEY(nullptr, &in, static_cast<long>(raw.size())));
  if (!key) return base::fail(Error::bad_key);
  if (const auto checked = check(type, key.get()); !checked) return base::fail(checked.error());
  // Only the canonical encoding: one key must not have two peer ids.
  if (!std::ranges::equal(encode_public_info(type, key.get()), raw)) {
    return base::fail(Error::bad_key);
  }
  return key;
}

base::Result<OpenSslKey> parse_private(KeyType type, base::ByteView raw) {
  const ClearErrors clear;
  if (type == KeyType::secp256k1) return parse_secp256k1_private(raw);
  const auto* in = raw.data();
  auto key = adopt(d2i_PrivateKey(type == KeyType::rsa ? EVP_PKEY_RSA : EVP_PKEY_EC, nullptr, &in,
                                  static_cast<long>(raw.size())));
  if (!key || in != raw.data() + raw.size()) return base::fail(Error::bad_key);
  if (const auto checked = check(type, key.get()); !checked) return base::fail(checked.error());
  return key;
}

base::Result<OpenSslKey> generate_openssl_key(KeyType type) {
  const ClearErrors clear;
  EVP_PKEY* key = nullptr;
  if (type == KeyType::rsa) {
    key = EVP_RSA_gen(static_cast<std::size_t>(kMinRsaBits));
  } else {
    key = EVP_EC_gen(type == KeyType::ecdsa ? "P-256" : "secp256k1");
  }
  if (key == nullptr) return base::fail(Error::unsupported_key_type);
  return adopt(key);
}

base::Bytes public_raw(KeyType type, const OpenSslKey& key) {
  const ClearErrors clear;
  return type == KeyType::secp256k1 ? secp256k1_public_raw(key)
                                    : encode_public_info(type, key.get());
}

base::Bytes private_raw(KeyType type, const OpenSslKey& key) {
  const ClearErrors clear;
  if (type == KeyType::secp256k1) return secp256k1_private_raw(key);
  unsigned char* encoded = nullptr;
  const auto size = i2d_PrivateKey(key.get(), &encoded);
  return take_encoded(encoded, size);
}

base::Status verify_openssl(const OpenSslKey& key, base::ByteView message, base::ByteView signature,
                            Digest digest) {
  const ClearErrors clear;
  const DigestContextPtr context(EVP_MD_CTX_new());
  if (!context ||
      EVP_DigestVerifyInit(context.get(), nullptr, algorithm(digest), nullptr, key.get()) != 1 ||
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                       message.size()) != 1) {
    return base::fail(Error::bad_signature);
  }
  return {};
}

base::Result<base::Bytes> sign_openssl(KeyType type, const OpenSslKey& key,
                                       base::ByteView message) {
  const ClearErrors clear;
  const DigestContextPtr context(EVP_MD_CTX_new());
  base::Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return base::fail(Error::signing_failed);
  }
  signature.resize(size);
  if (type != KeyType::secp256k1) return signature;
  auto low = with_low_s(signature);
  if (low.empty()) return base::fail(Error::signing_failed);
  return low;
}

}  // namespace mexport::crypto
