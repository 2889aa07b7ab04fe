// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/aead.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/stream.hpp"
#include "libp2p/tls/channel.hpp"
#include "libp2p/tls/context.hpp"
#include "libp2p/tls/verify.hpp"
#include "multiformats/peer_id.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace mexport::libp2p::tls {

/// Of all that a peer may send before its handshake is done, records' headers included. Honest ones
/// need 1 to 3 KiB, with the largest RSA keys 8. Checked before anything is kept.
inline constexpr std::size_t kMaxHandshakeBytes = 16 << 10;

/// The handshake of /tls/1.0.0 (libp2p specs: tls/tls.md; RFC 8446): OpenSSL's, fed with whole
/// records, of which it gets none beyond the last of the handshake. Its objects are made when the
/// first record is complete, and freed, with all their buffers, when the handshake is done: its
/// secrets go to our own record layer.
class Handshake final : public SecurityHandshake, private Context::Events {
 public:
  /// `expected` empty: any peer will do. `context` and `aead` outlive the handshake, and the
  /// channel that it makes; `aead` belongs to the same shard.
  Handshake(Direction direction, const Context& context, crypto::Aead& aead,
            const multiformats::PeerId& expected = {});
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  base::Status start(base::Bytes& out) override;
  /// Errors: those of tls/error.hpp; with most of them an alert stands in `out`.
  base::Result<std::size_t> receive(base::ByteView in, base::Bytes& out) override;
  bool done() const override { return done_; }
  SecuredConnection take_result() override;

 private:
  bool on_certificates(std::span<const base::ByteView> certificates) override;
  void on_secret(std::string_view line) override;

  base::Status check_record() const;
  base::Status on_record(base::ByteView record, base::Bytes& out);
  base::Status proceed(base::Bytes& out);
  base::Status begin_session();
  base::Status conclude();
  std::error_code failure() const;

  const Context& context_;
  crypto::Aead& aead_;
  multiformats::PeerId expected_;
  Direction direction_;
  Context::Io io_;
  SessionPtr session_;
  base::Bytes partial_;  // the beginning of a record, header included
  std::size_t received_ = 0;
  std::optional<TrafficSecret> client_secret_;
  std::optional<TrafficSecret> server_secret_;
  std::optional<VerifiedPeer> peer_;
  std::error_code verification_;
  crypto::AeadCipher cipher_{};
  std::string_view muxer_;
  bool done_ = false;
};

}  // namespace mexport::libp2p::tls
