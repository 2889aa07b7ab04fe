// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/openssl_keys.hpp"

namespace mexport::crypto {

/// What libp2p's secp256k1 keys need beside OpenSSL's usual key calls: raw points and scalars.
/// unsupported_key_type when the library was built without the curve.
base::Result<OpenSslKey> parse_secp256k1_public(base::ByteView point);
base::Result<OpenSslKey> parse_secp256k1_private(base::ByteView scalar);
/// The compressed point, 33 bytes.
base::Bytes secp256k1_public_raw(const OpenSslKey& key);
/// The scalar, 32 bytes.
base::Bytes secp256k1_private_raw(const OpenSslKey& key);

/// The same DER signature with the smaller of its two possible s values, the only one that some
/// implementations accept. Empty when the library fails.
base::Bytes with_low_s(base::ByteView signature);

}  // namespace mexport::crypto
