// SPDX-License-Identifier: MIT
#include "crypto/hash.hpp"

#include <openssl/sha.h>
#include <sodium.h>

#include <array>

namespace mexport::crypto {
namespace {

// OpenSSL uses the processor's SHA instructions but has a set-up of 0.3 µs;
// below this size libsodium's plain code is done sooner.
constexpr std::size_t kOpenSslFrom = 64;

}  // namespace

Sha256Digest sha256(base::ByteView data) {
  Sha256Digest digest;
  if (data.size() >= kOpenSslFrom) {
    SHA256(data.data(), data.size(), digest.data());
  } else {
    crypto_hash_sha256(digest.data(), data.data(), data.size());
  }
  return digest;
}

Sha256Digest sha256(std::initializer_list<base::ByteView> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const auto part : parts) crypto_hash_sha256_update(&state, part.data(), part.size());
  Sha256Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

Sha512Digest sha512(base::ByteView data) {
  Sha512Digest digest;
  SHA512(data.data(), data.size(), digest.data());
  return digest;
}

Secret<32> hmac_sha256(base::ByteView key, std::initializer_list<base::ByteView> parts) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  for (const auto part : parts) crypto_auth_hmacsha256_update(&state, part.data(), part.size());
  Secret<32> digest;
  crypto_auth_hmacsha256_final(&state, digest.data());
  sodium_memzero(&state, sizeof(state));
  return digest;
}

HkdfPair hkdf_sha256(base::ByteView chaining_key, base::ByteView input) {
  static constexpr std::array<std::uint8_t, 1> kOne{1};
  static constexpr std::array<std::uint8_t, 1> kTwo{2};
  const auto extracted = hmac_sha256(chaining_key, {input});
  HkdfPair pair;
  pair.first = hmac_sha256(extracted.view(), {kOne});
  pair.second = hmac_sha256(extracted.view(), {pair.first.view(), kTwo});
  return pair;
}

}  // namespace mexport::crypto
