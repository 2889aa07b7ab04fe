// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

struct evp_cipher_ctx_st;

namespace mexport::crypto {

inline constexpr std::size_t kAeadTagSize = 16;
using AeadKey = Secret<32>;
using AeadNonce = std::array<std::uint8_t, 12>;

/// ChaCha20-Poly1305 (RFC 8439), or AES-128-GCM (NIST SP 800-38D), which takes the first 16 bytes
/// of the key.
enum class AeadCipher : std::uint8_t { chacha20_poly1305, aes_128_gcm };

/// Authenticated encryption. Holds no keys: one object serves all connections of a shard, whose own
/// state is a key and a counter. One thread. No call allocates.
class Aead {
 public:
  /// Throws std::bad_alloc when the library cannot be set up.
  Aead();
  ~Aead();
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;

  /// Writes plaintext.size() + kAeadTagSize bytes to the start of `out`, which must be at least so
  /// large. `out` may start where `plaintext` starts (in place), else they must not overlap.
  void seal(AeadCipher cipher, const AeadKey& key, const AeadNonce& nonce,
            base::ByteView associated_data, base::ByteView plaintext, base::MutableByteView out);

  /// Writes ciphertext.size() - kAeadTagSize bytes to the start of `out`, in place as above.
  /// decryption_failed when the tag does not fit; what `out` then holds must not be used.
  base::Status open(AeadCipher cipher, const AeadKey& key, const AeadNonce& nonce,
                    base::ByteView associated_data, base::ByteView ciphertext,
                    base::MutableByteView out);

  /// seal() by ChaCha20-Poly1305 with the nonce of Noise: 4 zero bytes and the message's number as
  /// 64-bit little-endian.
  void encrypt(const AeadKey& key, std::uint64_t number, base::ByteView associated_data,
               base::ByteView plaintext, base::MutableByteView out);

  /// open() likewise.
  base::Status decrypt(const AeadKey& key, std::uint64_t number, base::ByteView associated_data,
                       base::ByteView ciphertext, base::MutableByteView out);

  /// From this plaintext size on OpenSSL's ChaCha20-Poly1305 is faster than libsodium (5.1
  /// against 10.1 µs at 16 KiB); below it its set-up costs more (0.65 against 0.29 µs at 64 bytes).
  static constexpr std::size_t kBulkThreshold = 1536;

 private:
  struct FreeContext {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_cipher_ctx_st, FreeContext>;

  bool seal_by_openssl(AeadCipher cipher, const AeadKey& key, const AeadNonce& nonce,
                       base::ByteView associated_data, base::ByteView plaintext, std::uint8_t* out);
  evp_cipher_ctx_st* context_of(AeadCipher cipher) const;

  Context chacha_;
  Context aes_;
};

}  // namespace mexport::crypto
