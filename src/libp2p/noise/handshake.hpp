// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/aead.hpp"
#include "libp2p/noise/static_identity.hpp"
#include "libp2p/noise/xx_pattern.hpp"
#include "libp2p/secure_channel.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mexport::libp2p::noise {

/// The wire allows 64 KiB, but an honest payload, even one with the largest RSA key, has less than
/// 3 KiB. Checked before anything of the frame is kept.
inline constexpr std::size_t kMaxHandshakeFrame = 8192;

/// The handshake of /noise (libp2p specs: noise/README.md): Noise_XX_25519_ChaChaPoly_SHA256, empty
/// prologue, identities and muxers in the payloads of the second and third message. Keeps only the
/// bytes of a frame that is incomplete.
class Handshake final : public SecurityHandshake {
 public:
  /// `expected` empty: any peer will do, as for a listener. `identity` and `aead` outlive the
  /// handshake, and the channel that it makes; `aead` belongs to the same shard.
  Handshake(Direction direction, const StaticIdentity& identity, crypto::Aead& aead,
            const multiformats::PeerId& expected = {});

  base::Status start(base::Bytes& out) override;
  /// Errors: those of noise/error.hpp; crypto's decryption_failed and low_order_point.
  base::Result<std::size_t> receive(base::ByteView in, base::Bytes& out) override;
  bool done() const override { return step_ == Step::done; }
  SecuredConnection take_result() override;

 private:
  enum class Step : std::uint8_t { first, second, third, done };  ///< the message that comes next

  base::Status on_message(base::ByteView message, base::Bytes& out);
  base::Status answer_first(base::ByteView message, base::Bytes& out);
  base::Status answer_second(base::ByteView message, base::Bytes& out);
  base::Status accept_third(base::ByteView message);
  base::Status accept_payload(base::ByteView bytes);
  void choose_muxer(std::span<const std::string_view> offered);

  const StaticIdentity& identity_;
  crypto::Aead& aead_;
  multiformats::PeerId expected_;
  Direction direction_;
  Step step_ = Step::first;
  std::optional<XxPattern> pattern_;  // from the first message on, whose sender pays first
  base::Bytes partial_;               // the beginning of a frame, length included
  std::optional<crypto::PublicKey> key_;
  multiformats::PeerId peer_;
  std::string_view muxer_;
};

}  // namespace mexport::libp2p::noise
