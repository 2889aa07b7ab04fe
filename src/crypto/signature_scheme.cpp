// SPDX-License-Identifier: MIT
#include "crypto/signature_scheme.hpp"

#include "crypto/error.hpp"
#include "crypto/keys.hpp"
#include "crypto/openssl_keys.hpp"
#include "crypto/openssl_types.hpp"

#include <algorithm>
#include <array>

namespace mexport::crypto {
namespace {

/// What stands before the 32 bytes of an Ed25519 key (RFC 8410, section 4).
constexpr std::array<std::uint8_t, 12> kEd25519Prefix{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                      0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

base::Status verify_ed25519(base::ByteView key_info, base::ByteView message,
                            base::ByteView signature) {
  if (key_info.size() < kEd25519Prefix.size() ||
      !std::ranges::equal(key_info.first(kEd25519Prefix.size()), kEd25519Prefix)) {
    return base::fail(Error::bad_key);
  }
  const auto key = PublicKey::from_raw(KeyType::ed25519, key_info.subspan(kEd25519Prefix.size()));
  if (!key) return base::fail(key.error());
  return key->verify(message, signature);
}

bool is_rsa(SignatureScheme scheme) {
  return scheme == SignatureScheme::rsa_sha256 || scheme == SignatureScheme::rsa_sha384 ||
         scheme == SignatureScheme::rsa_sha512;
}

Digest digest_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::ecdsa_sha384:
    case SignatureScheme::rsa_sha384:
      return Digest::sha384;
    case SignatureScheme::ecdsa_sha512:
    case SignatureScheme::rsa_sha512:
      return Digest::sha512;
    default:
      return Digest::sha256;
  }
}

}  // namespace

base::Status verify_by_key_info(base::ByteView key_info, SignatureScheme scheme,
                                base::ByteView message, base::ByteView signature) {
  if (key_info.size() > kMaxPublicKeySize) return base::fail(Error::key_too_large);
  if (scheme == SignatureScheme::ed25519) return verify_ed25519(key_info, message, signature);
  if (signature.size() > kMaxSignatureSize) return base::fail(Error::bad_signature);
  const auto key = parse_public(is_rsa(scheme) ? KeyType::rsa : KeyType::ecdsa, key_info);
  if (!key) return base::fail(key.error());
  return verify_openssl(*key, message, signature, digest_of(scheme));
}

}  // namespace mexport::crypto
