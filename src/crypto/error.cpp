// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::crypto {
namespace {

std::string_view describe(Error error) {
  switch (error) {
    case Error::bad_key:
      return "malformed key";
    case Error::unsupported_key_type:
      return "unsupported key type";
    case Error::key_too_large:
      return "key too large";
    case Error::rsa_size:
      return "RSA key size out of range";
    case Error::bad_signature:
      return "bad signature";
    case Error::signing_failed:
      return "signing failed";
    case Error::decryption_failed:
      return "decryption failed";
    case Error::low_order_point:
      return "low-order public key";
    case Error::unknown_hash:
      return "unknown hash function";
    case Error::bad_digest_size:
      return "digest size out of range";
    case Error::bad_base64:
      return "bad base64";
  }
  return "unknown crypto error";
}

}  // namespace

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("crypto", describe);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::crypto
