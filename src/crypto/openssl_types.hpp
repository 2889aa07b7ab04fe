// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "crypto/openssl_keys.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace mexport::crypto {

/// Calls OpenSSL's own free function for what a unique_ptr holds.
template <auto Free>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using GroupPtr = std::unique_ptr<EC_GROUP, OpenSslFree<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, OpenSslFree<EC_POINT_free>>;
using SecretNumberPtr = std::unique_ptr<BIGNUM, OpenSslFree<BN_clear_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, OpenSslFree<ECDSA_SIG_free>>;
using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, OpenSslFree<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, OpenSslFree<OSSL_PARAM_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, OpenSslFree<EVP_PKEY_CTX_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, OpenSslFree<EVP_MD_CTX_free>>;

/// Null stays null.
inline OpenSslKey adopt(EVP_PKEY* key) {
  return key == nullptr ? nullptr : OpenSslKey(key, EVP_PKEY_free);
}

/// Copies what an i2d function allocated and frees it, wiped; empty when `size` tells of a failure.
inline base::Bytes take_encoded(unsigned char* encoded, int size) {
  if (encoded == nullptr || size <= 0) return {};
  base::Bytes bytes(encoded, encoded + size);
  OPENSSL_clear_free(encoded, static_cast<std::size_t>(size));
  return bytes;
}

}  // namespace mexport::crypto
