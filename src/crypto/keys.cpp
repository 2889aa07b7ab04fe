// SPDX-License-Identifier: MIT
#include "crypto/keys.hpp"

#include "crypto/error.hpp"
#include "crypto/key_protobuf.hpp"
#include "crypto/openssl_keys.hpp"
#include "crypto/secret.hpp"
#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace mexport::crypto {
namespace {

constexpr std::size_t kEd25519PublicSize = crypto_sign_ed25519_PUBLICKEYBYTES;
constexpr std::size_t kEd25519SecretSize = crypto_sign_ed25519_SECRETKEYBYTES;  // seed, then public

/// The 64 bytes that sign: those of the longer old form without their repetition, checked.
base::Result<base::Bytes> ed25519_secret(base::ByteView raw) {
  const bool repeated = raw.size() == kEd25519SecretSize + kEd25519PublicSize;
  if (!repeated && raw.size() != kEd25519SecretSize) return base::fail(Error::bad_key);
  const auto claimed = raw.subspan(kEd25519SecretSize - kEd25519PublicSize, kEd25519PublicSize);
  if (repeated && !std::ranges::equal(claimed, raw.last(kEd25519PublicSize))) {
    return base::fail(Error::bad_key);
  }
  std::array<std::uint8_t, kEd25519PublicSize> derived{};
  base::Bytes secret(kEd25519SecretSize);
  crypto_sign_ed25519_seed_keypair(derived.data(), secret.data(), raw.data());
  // Signing with a foreign public half would give away the secret one.
  if (!std::ranges::equal(claimed, derived)) {
    wipe(secret);
    return base::fail(Error::bad_key);
  }
  return secret;
}

base::Bytes new_ed25519_secret() {
  ensure_sodium();
  std::array<std::uint8_t, kEd25519PublicSize> ignored{};
  base::Bytes secret(kEd25519SecretSize);
  crypto_sign_ed25519_keypair(ignored.data(), secret.data());
  return secret;
}

}  // namespace

std::string_view to_string(KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return "rsa";
    case KeyType::ed25519:
      return "ed25519";
    case KeyType::secp256k1:
      return "secp256k1";
    case KeyType::ecdsa:
      return "ecdsa";
  }
  return "unknown";
}

PublicKey::PublicKey(KeyType type, base::ByteView raw, std::shared_ptr<evp_pkey_st> key)
    : type_(type), protobuf_(encode_key(type, raw)), key_(std::move(key)) {}

base::Result<PublicKey> PublicKey::from_protobuf(base::ByteView protobuf) {
  if (protobuf.size() > kMaxPublicKeySize) return base::fail(Error::key_too_large);
  const auto decoded = decode_key(protobuf);
  if (!decoded) return base::fail(decoded.error());
  return from_raw(decoded->type, decoded->data);
}

base::Result<PublicKey> PublicKey::from_raw(KeyType type, base::ByteView raw) {
  if (raw.size() > kMaxPublicKeySize) return base::fail(Error::key_too_large);
  if (type == KeyType::ed25519) {
    if (raw.size() != kEd25519PublicSize) return base::fail(Error::bad_key);
    return PublicKey(type, raw, nullptr);
  }
  auto key = parse_public(type, raw);
  if (!key) return base::fail(key.error());
  const auto canonical = public_raw(type, *key);
  if (canonical.empty()) return base::fail(Error::bad_key);
  return PublicKey(type, canonical, std::move(*key));
}

base::ByteView PublicKey::raw() const {
  // A header of 4 bytes fits data of up to 127 bytes, one of 5 bytes all that is longer.
  const auto short_header = key_header_size(0);
  const bool is_short = protobuf_.size() - short_header < 0x80;
  return base::ByteView(protobuf_).subspan(is_short ? short_header : key_header_size(0x80));
}

base::Status PublicKey::verify(base::ByteView message, base::ByteView signature) const {
  if (signature.empty() || signature.size() > kMaxSignatureSize) {
    return base::fail(Error::bad_signature);
  }
  if (type_ != KeyType::ed25519) return verify_openssl(key_, message, signature);
  if (signature.size() != crypto_sign_ed25519_BYTES ||
      crypto_sign_ed25519_verify_detached(signature.data(), message.data(), message.size(),
                                          raw().data()) != 0) {
    return base::fail(Error::bad_signature);
  }
  return {};
}

PrivateKey::PrivateKey(PublicKey public_key, base::Bytes raw, std::shared_ptr<evp_pkey_st> key)
    : public_key_(std::move(public_key)), raw_(std::move(raw)), key_(std::move(key)) {}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept = default;

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
  if (this != &other) {
    wipe(raw_);
    public_key_ = std::move(other.public_key_);
    raw_ = std::move(other.raw_);
    key_ = std::move(other.key_);
  }
  return *this;
}

PrivateKey::~PrivateKey() {
  wipe(raw_);
}

base::Result<PrivateKey> PrivateKey::from_ed25519(base::Bytes secret) {
  auto public_key =
      PublicKey::from_raw(KeyType::ed25519, base::ByteView(secret).last(kEd25519PublicSize));
  if (!public_key) return base::fail(public_key.error());
  return PrivateKey(std::move(*public_key), std::move(secret), nullptr);
}

base::Result<PrivateKey> PrivateKey::from_openssl(KeyType type, std::shared_ptr<evp_pkey_st> key) {
  auto public_key = PublicKey::from_raw(type, public_raw(type, key));
  if (!public_key) return base::fail(public_key.error());
  auto raw = private_raw(type, key);
  if (raw.empty()) return base::fail(Error::bad_key);
  return PrivateKey(std::move(*public_key), std::move(raw), std::move(key));
}

base::Result<PrivateKey> PrivateKey::generate(KeyType type) {
  if (type == KeyType::ed25519) return from_ed25519(new_ed25519_secret());
  auto key = generate_openssl_key(type);
  if (!key) return base::fail(key.error());
  return from_openssl(type, std::move(*key));
}

base::Result<PrivateKey> PrivateKey::from_protobuf(base::ByteView protobuf) {
  if (protobuf.size() > kMaxPrivateKeySize) return base::fail(Error::key_too_large);
  const auto decoded = decode_key(protobuf);
  if (!decoded) return base::fail(decoded.error());
  if (decoded->type == KeyType::ed25519) {
    auto secret = ed25519_secret(decoded->data);
    if (!secret) return base::fail(secret.error());
    return from_ed25519(std::move(*secret));
  }
  auto key = parse_private(decoded->type, decoded->data);
  if (!key) return base::fail(key.error());
  auto parsed = from_openssl(decoded->type, std::move(*key));
  if (!parsed) return parsed;
  // A signature tells whether the halves fit, at a fraction of the price of checking the numbers.
  static constexpr std::array<std::uint8_t, 5> kProbe{'p', 'r', 'o', 'b', 'e'};
  const auto signature = parsed->sign(kProbe);
  if (!signature || !parsed->public_key().verify(kProbe, *signature)) {
    return base::fail(Error::bad_key);
  }
  return parsed;
}

base::Bytes PrivateKey::to_protobuf() const {
  return encode_key(type(), raw_);
}

base::Result<base::Bytes> PrivateKey::sign(base::ByteView message) const {
  if (type() != KeyType::ed25519) return sign_openssl(type(), key_, message);
  base::Bytes signature(crypto_sign_ed25519_BYTES);
  if (crypto_sign_ed25519_detached(signature.data(), nullptr, message.data(), message.size(),
                                   raw_.data()) != 0) {
    return base::fail(Error::signing_failed);
  }
  return signature;
}

}  // namespace mexport::crypto
