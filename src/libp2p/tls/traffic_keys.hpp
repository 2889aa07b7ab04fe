// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/aead.hpp"
#include "crypto/secret.hpp"

#include <cstdint>

namespace mexport::libp2p::tls {

/// A traffic secret of a cipher suite with SHA-256.
using TrafficSecret = crypto::Secret<32>;

/// One direction of a TLS 1.3 connection: what its secret gives, and the number of the next record
/// (RFC 8446, sections 5.2, 5.3 and 7.3).
class TrafficKeys {
 public:
  TrafficKeys(crypto::AeadCipher cipher, const TrafficSecret& secret);

  /// Buffers as Aead::seal(); `header` is that of the record.
  void seal(crypto::Aead& aead, base::ByteView header, base::ByteView plaintext,
            base::MutableByteView out);
  /// Buffers and errors as Aead::open(); a failure leaves the number as it was.
  base::Status open(crypto::Aead& aead, base::ByteView header, base::ByteView ciphertext,
                    base::MutableByteView out);

  /// The next generation, after a KeyUpdate (RFC 8446, section 7.2).
  void update();
  /// How many records this generation has protected.
  std::uint64_t records() const { return number_; }

 private:
  void derive();
  crypto::AeadNonce nonce() const;

  TrafficSecret secret_;
  crypto::AeadKey key_;
  std::uint64_t number_ = 0;
  crypto::AeadNonce iv_{};
  crypto::AeadCipher cipher_;
};

}  // namespace mexport::libp2p::tls
