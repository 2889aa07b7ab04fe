// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "crypto/aead.hpp"
#include "libp2p/noise/static_identity.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/yamux/frame.hpp"
#include "tests/abuse/socket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mexport::abuse {

/// Who a connection claims to be.
struct Identity {
  libp2p::PeerIdentity peer;
  libp2p::noise::StaticIdentity noise;

  static Identity create();
};

/// One frame as it came.
struct Frame {
  libp2p::yamux::Header header;
  base::Bytes payload{};
};

// Frames as bytes, to be joined at will.
base::Bytes window_update(std::uint16_t flags, std::uint32_t id, std::uint32_t delta = 0);
base::Bytes data(std::uint32_t id, base::ByteView payload, std::uint16_t flags = 0);
/// The header alone of a data frame, whatever follows.
base::Bytes data_header(std::uint32_t id, std::uint32_t length, std::uint16_t flags = 0);
base::Bytes ping(std::uint32_t value);
/// What a stream's dialler, or a connection's, says first: multistream's header and its choice.
base::Bytes proposal(std::string_view protocol);
/// Opens a stream, proposes, and sends what belongs to the protocol at once.
base::Bytes open_stream(std::uint32_t id, std::string_view protocol, base::ByteView rest = {});

/// A connection on which Noise is spoken and yamux agreed on; each frame is the caller's. One
/// thread.
class SecuredSocket final : private libp2p::PlaintextSink {
 public:
  /// Shakes hands as dialler. `aead` outlives it. Throws std::runtime_error when that fails.
  SecuredSocket(Socket socket, const Identity& identity, crypto::Aead& aead);
  SecuredSocket(SecuredSocket&&) noexcept = default;

  Socket& socket() { return socket_; }
  /// Encrypts. False once the node has closed the connection.
  bool send(base::ByteView frames);
  /// The next frame, if it comes within the time. Not after socket().discard().
  std::optional<Frame> next_frame(std::chrono::milliseconds within);

 private:
  base::Status on_plaintext(base::ByteView plaintext) override;
  std::optional<Frame> take_frame();

  Socket socket_;
  std::unique_ptr<libp2p::SecureChannel> channel_;
  base::Bytes plaintext_;
  std::size_t taken_ = 0;  // of plaintext_
};

}  // namespace mexport::abuse
