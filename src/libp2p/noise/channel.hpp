// SPDX-License-Identifier: MIT
#pragma once

#include "crypto/aead.hpp"
#include "libp2p/frame_reader.hpp"
#include "libp2p/noise/cipher_state.hpp"
#include "libp2p/noise/frame.hpp"
#include "libp2p/secure_channel.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace mexport::libp2p::noise {

inline constexpr std::string_view kProtocol = "/noise";
inline constexpr std::size_t kMaxPlaintext = kMaxMessage - crypto::kAeadTagSize;

/// A Noise connection after its handshake: two keys and counters, and a buffer only while a frame
/// is incomplete (at most its 65,537 bytes). Frames that arrive whole are decrypted where they lie.
class Channel final : public SecureChannel {
 public:
  /// `aead` belongs to the same shard and outlives the channel.
  Channel(crypto::Aead& aead, CipherState sending, CipherState receiving)
      : aead_(aead), sending_(std::move(sending)), receiving_(std::move(receiving)) {}

  /// Errors: crypto's decryption_failed; those of the sink.
  base::Status receive(base::MutableByteView ciphertext, PlaintextSink& sink) override;
  void send(base::ByteView plaintext, base::Bytes& out) override;
  std::size_t buffered() const override { return frames_.buffered(); }
  std::string_view protocol() const override { return kProtocol; }

 private:
  base::Status open_message(base::MutableByteView message, PlaintextSink& sink);

  crypto::Aead& aead_;
  CipherState sending_;
  CipherState receiving_;
  FrameReader<LengthPrefix> frames_;
};

}  // namespace mexport::libp2p::noise
