// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/secret.hpp"
#include "libp2p/noise/cipher_state.hpp"

#include <optional>
#include <utility>

namespace mexport::libp2p::noise {

/// Chaining key and transcript hash of a handshake (noise: revision 34, section 5.2), fixed to
/// Noise_XX_25519_ChaChaPoly_SHA256 with an empty prologue.
class SymmetricState {
 public:
  explicit SymmetricState(crypto::Aead& aead);

  void mix_key(base::ByteView input);
  void mix_hash(base::ByteView data);
  /// Appends the ciphertext; as long as there is no key, the plaintext.
  void encrypt_and_hash(base::ByteView plaintext, base::Bytes& out);
  /// crypto's decryption_failed.
  base::Result<base::Bytes> decrypt_and_hash(base::ByteView ciphertext);
  /// How many bytes encryption adds at this point.
  std::size_t overhead() const { return cipher_ ? crypto::kAeadTagSize : 0; }

  /// The initiator's sending direction first.
  std::pair<CipherState, CipherState> split() const;

 private:
  crypto::Aead& aead_;
  crypto::Sha256Digest hash_{};
  crypto::Secret<32> chaining_key_;
  std::optional<CipherState> cipher_;
};

}  // namespace mexport::libp2p::noise
