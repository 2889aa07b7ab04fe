// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct evp_pkey_st;

namespace mexport::crypto {

/// As in the key protobuf (specs: peer-ids/peer-ids.md).
enum class KeyType : std::uint8_t { rsa = 0, ed25519 = 1, secp256k1 = 2, ecdsa = 3 };
/// The enumerator's name; static storage.
std::string_view to_string(KeyType type);

inline constexpr int kMinRsaBits = 2048;
inline constexpr int kMaxRsaBits = 8192;
/// Checked before any parsing; an 8192-bit RSA key has about 1070 bytes.
inline constexpr std::size_t kMaxPublicKeySize = 2048;
/// An 8192-bit RSA key has about 4700 bytes.
inline constexpr std::size_t kMaxPrivateKeySize = 8192;
/// As many bytes as a signature by the largest RSA key; longer ones are refused unread.
inline constexpr std::size_t kMaxSignatureSize = 1024;

/// A peer's identity key, which signs over its handshakes and records. Copies share the parsed
/// form. Immutable, thread-safe.
class PublicKey {
 public:
  /// Parses `Type` and `Data` of the key protobuf; other fields are ignored.
  /// Errors: key_too_large, bad_key, unsupported_key_type, rsa_size.
  static base::Result<PublicKey> from_protobuf(base::ByteView protobuf);
  /// From the protobuf's `Data`: PKIX DER (RSA; ECDSA on P-256, P-384 or P-521), 32 bytes
  /// (Ed25519), a compressed or uncompressed point (secp256k1).
  static base::Result<PublicKey> from_raw(KeyType type, base::ByteView raw);

  KeyType type() const { return type_; }
  /// The one deterministic encoding, from which the peer id is made. Valid as long as the key.
  base::ByteView protobuf() const { return protobuf_; }
  /// `Data` alone; a part of protobuf().
  base::ByteView raw() const;

  /// Ed25519 signs the message itself; secp256k1 and ECDSA (DER) and RSA (PKCS#1 v1.5) sign its
  /// SHA-256. bad_signature for all that does not fit.
  base::Status verify(base::ByteView message, base::ByteView signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) {
    return a.protobuf_ == b.protobuf_;
  }

 private:
  PublicKey(KeyType type, base::ByteView raw, std::shared_ptr<evp_pkey_st> key);

  KeyType type_;
  base::Bytes protobuf_;
  std::shared_ptr<evp_pkey_st> key_;  // none for Ed25519
};

/// A node's own identity key. Its bytes are wiped on destruction; not copyable. Thread-safe.
class PrivateKey {
 public:
  /// A new key: RSA with 2048 bits, ECDSA on P-256. Fails only when the library does.
  static base::Result<PrivateKey> generate(KeyType type);
  /// Parses the key protobuf as kubo's `Identity.PrivKey` holds it (in base64): PKCS#1 DER (RSA),
  /// seed and public key, maybe followed by the public key again (Ed25519), 32 bytes (secp256k1),
  /// SEC1 DER (ECDSA). A key whose halves do not fit is a bad_key.
  /// Errors: key_too_large, bad_key, unsupported_key_type, rsa_size.
  static base::Result<PrivateKey> from_protobuf(base::ByteView protobuf);

  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  ~PrivateKey();

  KeyType type() const { return public_key_.type(); }
  const PublicKey& public_key() const { return public_key_; }
  /// The caller wipes the copy when it is done with it.
  base::Bytes to_protobuf() const;
  /// A signature that PublicKey::verify() accepts; signing_failed only when the library fails.
  base::Result<base::Bytes> sign(base::ByteView message) const;

 private:
  PrivateKey(PublicKey public_key, base::Bytes raw, std::shared_ptr<evp_pkey_st> key);
  static base::Result<PrivateKey> from_ed25519(base::Bytes secret);
  static base::Result<PrivateKey> from_openssl(KeyType type, std::shared_ptr<evp_pkey_st> key);

  PublicKey public_key_;
  base::Bytes raw_;                   // the protobuf's `Data`
  std::shared_ptr<evp_pkey_st> key_;  // none for Ed25519
};

}  // namespace mexport::crypto
