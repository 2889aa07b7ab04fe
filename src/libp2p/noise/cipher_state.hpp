// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/aead.hpp"

#include <cstdint>

namespace mexport::libp2p::noise {

/// One direction's key and the number of its next message (noise: revision 34, section 5.1). The
/// number cannot run out within any connection's life, so that it is not checked.
class CipherState {
 public:
  explicit CipherState(const crypto::AeadKey& key) : key_(key) {}

  /// Buffers as Aead::encrypt().
  void encrypt(crypto::Aead& aead, base::ByteView associated_data, base::ByteView plaintext,
               base::MutableByteView out) {
    aead.encrypt(key_, next_++, associated_data, plaintext, out);
  }
  /// Buffers and errors as Aead::decrypt(); a failure leaves the number as it was.
  base::Status decrypt(crypto::Aead& aead, base::ByteView associated_data,
                       base::ByteView ciphertext, base::MutableByteView out) {
    auto status = aead.decrypt(key_, next_, associated_data, ciphertext, out);
    if (status) ++next_;
    return status;
  }

 private:
  crypto::AeadKey key_;
  std::uint64_t next_ = 0;
};

}  // namespace mexport::libp2p::noise
