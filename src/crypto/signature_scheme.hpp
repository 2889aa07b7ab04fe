// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>

namespace mexport::crypto {

/// How the signature of an X.509 certificate was made; RSA by PKCS#1 v1.5.
enum class SignatureScheme : std::uint8_t {
  ecdsa_sha256,
  ecdsa_sha384,
  ecdsa_sha512,
  rsa_sha256,
  rsa_sha384,
  rsa_sha512,
  ed25519,
};

/// Whether the owner of the key in `key_info` (DER of a SubjectPublicKeyInfo: P-256, P-384, P-521,
/// RSA or Ed25519) has signed `message`. Errors: those of PublicKey::from_raw(), bad_signature.
base::Status verify_by_key_info(base::ByteView key_info, SignatureScheme scheme,
                                base::ByteView message, base::ByteView signature);

}  // namespace mexport::crypto
