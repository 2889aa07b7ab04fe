// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"

#include <string>

namespace mexport::crypto {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "crypto"; }
  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
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
};

}  // namespace

const std::error_category& error_category() {
  static const Category category;
  return category;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::crypto
