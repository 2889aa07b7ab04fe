// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <system_error>

namespace mexport::crypto {

enum class Error : std::uint8_t {
  bad_key = 1,           ///< key material that is malformed, not canonical or not on its curve
  unsupported_key_type,  ///< a type, curve or parameter set that is not in use
  key_too_large,         ///< more bytes than the largest acceptable key has
  rsa_size,              ///< an RSA modulus outside kMinRsaBits..kMaxRsaBits
  bad_signature,         ///< the signature does not fit key and message
  signing_failed,        ///< the private key could not sign
  decryption_failed,     ///< the ciphertext, its tag or its associated data were changed
  low_order_point,       ///< an X25519 public key that gives a known shared secret
  unknown_hash,          ///< a multihash code without a function here
  bad_digest_size,       ///< a digest size that the hash function cannot give
  bad_base64,            ///< text that is not padded standard base64
};

const std::error_category& error_category();
std::error_code make_error_code(Error error);

}  // namespace mexport::crypto

template <>
struct std::is_error_code_enum<mexport::crypto::Error> : std::true_type {};
