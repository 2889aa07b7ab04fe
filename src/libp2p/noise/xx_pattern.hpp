// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/x25519.hpp"
#include "libp2p/noise/symmetric_state.hpp"
#include "libp2p/stream.hpp"

namespace mexport::libp2p::noise {

/// The messages of Noise's XX pattern (noise: revision 34, sections 5.3 and 7.5):
///   -> e        <- e, ee, s, es        -> s, se
/// whatever their payloads mean. The owner calls write and read in the order of its role; outbound
/// is the initiator. The key pair and the Aead outlive it.
class XxPattern {
 public:
  XxPattern(Direction direction, const crypto::X25519KeyPair& static_keys,
            crypto::X25519KeyPair ephemeral_keys, crypto::Aead& aead);

  /// Each appends one message to `out`. Error: crypto's low_order_point.
  base::Status write_first(base::ByteView payload, base::Bytes& out);
  base::Status write_second(base::ByteView payload, base::Bytes& out);
  base::Status write_third(base::ByteView payload, base::Bytes& out);

  /// Each gives the payload. Errors: frame_too_small; crypto's decryption_failed and
  /// low_order_point.
  base::Result<base::Bytes> read_first(base::ByteView message);
  base::Result<base::Bytes> read_second(base::ByteView message);
  base::Result<base::Bytes> read_third(base::ByteView message);

  /// After the message that carries it.
  const crypto::X25519PublicKey& remote_static() const { return remote_static_; }

  struct Keys {
    CipherState sending;
    CipherState receiving;
  };
  /// After the third message.
  Keys split() const;

 private:
  void write_ephemeral(base::Bytes& out);
  base::Status read_ephemeral(base::ByteView& message);
  base::Status read_static(base::ByteView& message);
  base::Status mix_shared(const crypto::X25519KeyPair& ours, const crypto::X25519PublicKey& theirs);

  SymmetricState state_;
  const crypto::X25519KeyPair& static_;
  crypto::X25519KeyPair ephemeral_;
  crypto::X25519PublicKey remote_ephemeral_{};
  crypto::X25519PublicKey remote_static_{};
  Direction direction_;
};

}  // namespace mexport::libp2p::noise
