// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/keys.hpp"

#include <cstdint>
#include <memory>

namespace mexport::crypto {

/// RSA, ECDSA and secp256k1 through OpenSSL; the functions below know these three types only.
using OpenSslKey = std::shared_ptr<evp_pkey_st>;

/// Of the key protobuf's `Data`. Errors as PublicKey::from_raw().
base::Result<OpenSslKey> parse_public(KeyType type, base::ByteView raw);
/// Errors as PrivateKey::from_protobuf().
base::Result<OpenSslKey> parse_private(KeyType type, base::ByteView raw);
base::Result<OpenSslKey> generate_openssl_key(KeyType type);

/// The one canonical form of `Data`; empty when the library fails.
base::Bytes public_raw(KeyType type, const OpenSslKey& key);
base::Bytes private_raw(KeyType type, const OpenSslKey& key);

enum class Digest : std::uint8_t { sha256, sha384, sha512 };

/// Over the message's digest.
base::Status verify_openssl(const OpenSslKey& key, base::ByteView message, base::ByteView signature,
                            Digest digest = Digest::sha256);
/// Over the message's SHA-256.
base::Result<base::Bytes> sign_openssl(KeyType type, const OpenSslKey& key, base::ByteView message);

}  // namespace mexport::crypto
