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
#include <tuple>

namespace mexport::crypto {
namespace {

static_assert(std::tuple_size_v<AeadNonce> == crypto_aead_chacha20poly1305_ietf_NPUBBYTES);

AeadNonce nonce_of(std::uint64_t number) {
  AeadNonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return nonce;
}

/// Sets key and nonce and feeds the associated data. The calls fail only on misuse.
bool start(evp_cipher_ctx_st* context, const AeadKey& key, const AeadNonce& nonce,
           base::ByteView associated_data, int encrypting) {
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

bool open_by_openssl(evp_cipher_ctx_st* context, const AeadKey& key, const AeadNonce& nonce,
                     base::ByteView associated_data, base::ByteView body, std::uint8_t* tag,
                     std::uint8_t* out) {
  return start(context, key, nonce, associated_data, 0) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag) == 1 &&
         transform(context, body, out);
}

bool open_by_sodium(const AeadKey& key, const AeadNonce& nonce, base::ByteView associated_data,
                    base::ByteView body, const std::uint8_t* tag, std::uint8_t* out) {
  return crypto_aead_chacha20poly1305_ietf_decrypt_detached(
             out, nullptr, body.data(), body.size(), tag, associated_data.data(),
             associated_data.size(), nonce.data(), key.data()) == 0;
}

bool uses_openssl(AeadCipher cipher, std::size_t size) {
  return cipher != AeadCipher::chacha20_poly1305 || size >= Aead::kBulkThreshold;
}

}  // namespace

void Aead::FreeContext::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

Aead::Aead() : chacha_(EVP_CIPHER_CTX_new()), aes_(EVP_CIPHER_CTX_new()) {
  ensure_sodium();
  const auto set_up = [](const Context& context, const EVP_CIPHER* cipher) {
    return context && EVP_CipherInit_ex(context.get(), cipher, nullptr, nullptr, nullptr, 1) == 1;
  };
  if (!set_up(chacha_, EVP_chacha20_poly1305()) || !set_up(aes_, EVP_aes_128_gcm())) {
    throw std::bad_alloc();
  }
}

Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

evp_cipher_ctx_st* Aead::context_of(AeadCipher cipher) const {
  return cipher == AeadCipher::aes_128_gcm ? aes_.get() : chacha_.get();
}

bool Aead::seal_by_openssl(AeadCipher cipher, const AeadKey& key, const AeadNonce& nonce,
                           base::ByteView associated_data, base::ByteView plaintext,
                           std::uint8_t* out) {
  auto* const context = context_of(cipher);
  return start(context, key, nonce, associated_data, 1) && transform(context, plaintext, out) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagSize,
                             out + plaintext.size()) == 1;
}

void Aead::seal(AeadCipher cipher, const AeadKey& key, const AeadNonce& nonce,
                base::ByteView associated_data, base::ByteView plaintext,
                base::MutableByteView out) {
  assert(out.size() >= plaintext.size() + kAeadTagSize);
  if (uses_openssl(cipher, plaintext.size())) {
    if (seal_by_openssl(cipher, key, nonce, associated_data, plaintext, out.data())) return;
    // Nothing may leave in the clear: the calls above fail only when memory is out.
    throw std::bad_alloc();
  }
  crypto_aead_chacha20poly1305_ietf_encrypt_detached(
      out.data(), out.data() + plaintext.size(), nullptr, plaintext.data(), plaintext.size(),
      associated_data.data(), associated_data.size(), nullptr, nonce.data(), key.data());
}

base::Status Aead::open(AeadCipher cipher, const AeadKey& key, const AeadNonce& nonce,
                        base::ByteView associated_data, base::ByteView ciphertext,
                        base::MutableByteView out) {
  if (ciphertext.size() < kAeadTagSize) return base::fail(Error::decryption_failed);
  const auto body = ciphertext.first(ciphertext.size() - kAeadTagSize);
  assert(out.size() >= body.size());
  // A copy, because OpenSSL takes a pointer to what it may change.
  std::array<std::uint8_t, kAeadTagSize> tag{};
  std::copy_n(body.data() + body.size(), kAeadTagSize, tag.data());
  const bool good = uses_openssl(cipher, body.size())
                        ? open_by_openssl(context_of(cipher), key, nonce, associated_data, body,
                                          tag.data(), out.data())
                        : open_by_sodium(key, nonce, associated_data, body, tag.data(), out.data());
  if (!good) return base::fail(Error::decryption_failed);
  return {};
}

void Aead::encrypt(const AeadKey& key, std::uint64_t number, base::ByteView associated_data,
                   base::ByteView plaintext, base::MutableByteView out) {
  seal(AeadCipher::chacha20_poly1305, key, nonce_of(number), associated_data, plaintext, out);
}

base::Status Aead::decrypt(const AeadKey& key, std::uint64_t number, base::ByteView associated_data,
                           base::ByteView ciphertext, base::MutableByteView out) {
  return open(AeadCipher::chacha20_poly1305, key, nonce_of(number), associated_data, ciphertext,
              out);
}

}  // namespace mexport::crypto
