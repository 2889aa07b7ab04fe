// SPDX-License-Identifier: MIT
#include "crypto/aead.hpp"

#include "crypto/error.hpp"
#include "crypto/sodium_ready.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <new>

namespace mexport::crypto {
namespace {

using Nonce = std::array<std::uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES>;

Nonce nonce_of(std::uint64_t number) {
  Nonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return nonce;
}

/// Sets key and nonce and feeds the associated data. The calls fail only on misuse.
bool start(evp_cipher_ctx_st* context, const AeadKey& key, std::uint64_t number,
           base::ByteView associated_data, int encrypting) {
  const auto nonce = nonce_of(number);
  int written = 0;
  return EVP_CipherInit_ex(context, nullptr, nullptr, key.data(), nonce.data(), encrypting) == 1 &&
         (associated_data.empty() ||
          EVP_CipherUpdate(context, nullptr, &written, associated_data.data(),
                           static_cast<int>(associated_data.size())) == 1);
}

bool transform(evp_cipher_ctx_st* context, base::ByteView in, std::uint8_t* out) {
  int written = 0;
  return EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1 &&
         EVP_CipherFinal_ex(context, out + written, &written) == 1;
}

}  // namespace

void Aead::FreeContext::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

Aead::Aead() : context_(EVP_CIPHER_CTX_new()) {
  ensure_sodium();
  if (!context_ || EVP_CipherInit_ex(context_.get(), EVP_chacha20_poly1305(), nullptr, nullptr,
                                     nullptr, 1) != 1) {
    throw std::bad_alloc();
  }
}

Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

void Aead::encrypt(const AeadKey& key, std::uint64_t number, base::ByteView associated_data,
                   base::ByteView plaintext, base::MutableByteView out) {
  assert(out.size() >= plaintext.size() + kAeadTagSize);
  auto* const tag = out.data() + plaintext.size();
  if (plaintext.size() >= kBulkThreshold &&
      start(context_.get(), key, number, associated_data, 1) &&
      transform(context_.get(), plaintext, out.data()) &&
      EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, tag) == 1) {
    return;
  }
  crypto_aead_chacha20poly1305_ietf_encrypt_detached(
      out.data(), tag, nullptr, plaintext.data(), plaintext.size(), associated_data.data(),
      associated_data.size(), nullptr, nonce_of(number).data(), key.data());
}

base::Status Aead::decrypt(const AeadKey& key, std::uint64_t number, base::ByteView associated_data,
                           base::ByteView ciphertext, base::MutableByteView out) {
  if (ciphertext.size() < kAeadTagSize) return base::fail(Error::decryption_failed);
  const auto body = ciphertext.first(ciphertext.size() - kAeadTagSize);
  assert(out.size() >= body.size());
  // A copy, because OpenSSL takes a pointer to what it may change.
  std::array<std::uint8_t, kAeadTagSize> tag;
  std::copy_n(body.data() + body.size(), kAeadTagSize, tag.data());
  bool good = false;
  if (body.size() >= kBulkThreshold) {
    good =
        start(context_.get(), key, number, associated_data, 0) &&
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag.data()) == 1 &&
        transform(context_.get(), body, out.data());
  } else {
    good = crypto_aead_chacha20poly1305_ietf_decrypt_detached(
               out.data(), nullptr, body.data(), body.size(), tag.data(), associated_data.data(),
               associated_data.size(), nonce_of(number).data(), key.data()) == 0;
  }
  if (!good) return base::fail(Error::decryption_failed);
  return {};
}

}  // namespace mexport::crypto
