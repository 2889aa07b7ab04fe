// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "libp2p/error_codes.hpp"

#include <cstdint>
#include <memory>

namespace mexport::libp2p {

enum class Direction : std::uint8_t { inbound, outbound };

class Connection;
class Stream;

/// Receives what happens on one stream. A stream owns its handler; all calls come on the
/// connection's shard. A handler may call any member of the Stream from within a callback, but none
/// from its destructor: the stream may be half gone then.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;

  /// Bytes in order. The view ends with the call. The peer's window shrinks by data.size() until
  /// Stream::consume() gives it back: a handler that keeps bytes consumes them later.
  virtual void on_data(Stream& stream, base::ByteView data) = 0;

  /// The peer has finished writing; no on_data() follows.
  virtual void on_remote_close(Stream& stream) = 0;

  /// The stream is gone: reset by the peer or ended with its connection. The last callback; not
  /// called for a reset of our own.
  virtual void on_reset(Stream& stream, StreamCode code) = 0;

  /// Bytes had to wait in the stream, and now all given to Stream::write() so far have been passed
  /// to the connection. Not called for a write() that passes at once.
  virtual void on_drained(Stream&) {}
};

/// One logical stream, whatever the muxer (yamux now, QUIC later). Owned by its muxer, which
/// destroys it once both directions have ended, never within a callback or a member of the stream:
/// a handler may use its stream as long as it lives itself. Once a stream has ended, write() fails
/// and the other members do nothing. I/O-free.
class Stream {
 public:
  virtual ~Stream() = default;

  /// What it carries: ProtocolTable::tag(). 0 while no protocol is agreed on.
  std::uint8_t protocol_tag() const { return protocol_tag_; }
  void set_protocol_tag(std::uint8_t tag) { protocol_tag_ = tag; }

  virtual std::uint64_t id() const = 0;
  virtual Direction direction() const = 0;
  virtual Connection& connection() = 0;
  /// Reset, closed in both directions, or gone with its connection: no handler hears of it any
  /// more.
  virtual bool ended() const = 0;

  /// Copies `bytes` to the peer, as its window allows; the rest waits here. Refused as a whole with
  /// StreamError (stream_error.hpp) when the stream is closed for writing or more than
  /// kMaxStreamWriteBuffer would wait.
  virtual base::Status write(base::ByteView bytes) = 0;
  /// Bytes that wait for the peer's window.
  virtual std::size_t pending_write() const = 0;
  /// Half-closes: what waits is still sent, then FIN. Further write() fails.
  virtual void close_write() = 0;
  /// Gives `n` received bytes back to the peer's window.
  virtual void consume(std::size_t n) = 0;
  /// Ends both directions at once. The handler hears nothing more.
  virtual void reset(StreamCode code) = 0;

  /// Replaces the handler, also from within its own callback: the old one is destroyed afterwards.
  /// Without one (nullptr) what arrives is discarded and given back to the peer's window.
  virtual void set_handler(std::unique_ptr<StreamHandler> handler) = 0;

 private:
  std::uint8_t protocol_tag_ = 0;
};

/// What one stream may hold back for a peer that does not read.
inline constexpr std::size_t kMaxStreamWriteBuffer = 1 << 20;

}  // namespace mexport::libp2p
