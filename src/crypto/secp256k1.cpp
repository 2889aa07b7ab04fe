// SPDX-License-Identifier: MIT
#include "crypto/secp256k1.hpp"

#include "crypto/ec_keys.hpp"
#include "crypto/error.hpp"
#include "crypto/openssl_types.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

namespace mexport::crypto {
namespace {

constexpr const char* kGroupName = "secp256k1";
constexpr std::size_t kScalarSize = 32;
constexpr std::size_t kCompressedSize = 33;
constexpr std::size_t kUncompressedSize = 65;

GroupPtr group() {
  return GroupPtr(EC_GROUP_new_by_curve_name(NID_secp256k1));
}

base::Bytes encode_point(const EC_GROUP* curve, const EC_POINT* point,
                         point_conversion_form_t form) {
  base::Bytes out(form == POINT_CONVERSION_COMPRESSED ? kCompressedSize : kUncompressedSize);
  if (EC_POINT_point2oct(curve, point, form, out.data(), out.size(), nullptr) != out.size()) {
    return {};
  }
  return out;
}

base::Result<OpenSslKey> or_bad_key(OpenSslKey key) {
  if (!key) return base::fail(Error::bad_key);
  return key;
}

}  // namespace

base::Result<OpenSslKey> parse_secp256k1_public(base::ByteView point) {
  if (point.size() != kCompressedSize && point.size() != kUncompressedSize) {
    return base::fail(Error::bad_key);
  }
  const auto curve = group();
  if (!curve) return base::fail(Error::unsupported_key_type);
  const PointPtr parsed(EC_POINT_new(curve.get()));
  if (!parsed ||
      EC_POINT_oct2point(curve.get(), parsed.get(), point.data(), point.size(), nullptr) != 1) {
    return base::fail(Error::bad_key);
  }
  return or_bad_key(make_ec_key(
      kGroupName, encode_point(curve.get(), parsed.get(), POINT_CONVERSION_UNCOMPRESSED)));
}

base::Result<OpenSslKey> parse_secp256k1_private(base::ByteView scalar) {
  if (scalar.size() != kScalarSize) return base::fail(Error::bad_key);
  const auto curve = group();
  if (!curve) return base::fail(Error::unsupported_key_type);
  const SecretNumberPtr number(BN_bin2bn(scalar.data(), kScalarSize, BN_secure_new()));
  const PointPtr point(EC_POINT_new(curve.get()));
  if (!number || !point || BN_is_zero(number.get()) ||
      BN_cmp(number.get(), EC_GROUP_get0_order(curve.get())) >= 0 ||
      EC_POINT_mul(curve.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1) {
    return base::fail(Error::bad_key);
  }
  return or_bad_key(
      make_ec_key(kGroupName, encode_point(curve.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED),
                  number.get()));
}

base::Bytes secp256k1_public_raw(const OpenSslKey& key) {
  base::Bytes encoded(kUncompressedSize);
  std::size_t size = 0;
  const auto curve = group();
  const PointPtr point(curve ? EC_POINT_new(curve.get()) : nullptr);
  if (!point ||
      EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                      encoded.size(), &size) != 1 ||
      EC_POINT_oct2point(curve.get(), point.get(), encoded.data(), size, nullptr) != 1) {
    return {};
  }
  return encode_point(curve.get(), point.get(), POINT_CONVERSION_COMPRESSED);
}

base::Bytes secp256k1_private_raw(const OpenSslKey& key) {
  BIGNUM* scalar = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &scalar) != 1) return {};
  const SecretNumberPtr owned(scalar);
  base::Bytes out(kScalarSize);
  if (BN_bn2binpad(scalar, out.data(), kScalarSize) < 0) return {};
  return out;
}

base::Bytes with_low_s(base::ByteView signature) {
  const auto* in = signature.data();
  const SignaturePtr parsed(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(signature.size())));
  const auto curve = group();
  if (!parsed || !curve) return {};
  const auto* const order = EC_GROUP_get0_order(curve.get());
  const SecretNumberPtr flipped(BN_dup(order));
  const SecretNumberPtr r(BN_dup(ECDSA_SIG_get0_r(parsed.get())));
  if (!flipped || !r || BN_sub(flipped.get(), order, ECDSA_SIG_get0_s(parsed.get())) != 1) {
    return {};
  }
  if (BN_cmp(flipped.get(), ECDSA_SIG_get0_s(parsed.get())) > 0) return base::to_bytes(signature);
  const SignaturePtr low(ECDSA_SIG_new());
  if (!low || ECDSA_SIG_set0(low.get(), BN_dup(r.get()), BN_dup(flipped.get())) != 1) return {};
  unsigned char* encoded = nullptr;
  const auto size = i2d_ECDSA_SIG(low.get(), &encoded);
  return take_encoded(encoded, size);
}

}  // namespace mexport::crypto
