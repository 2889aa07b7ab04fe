// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "libp2p/error_codes.hpp"
#include "libp2p/stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mexport::libp2p {

/// What a muxer tells its owner, the connection. Within these calls the owner may use streams and
/// call Muxer::close(), but neither destroy the muxer nor feed it.
class MuxerEvents {
 public:
  virtual ~MuxerEvents() = default;

  /// What Stream::connection() answers.
  virtual Connection& connection() = 0;

  /// The peer has opened a stream, already acknowledged. The owner gives it a handler before it
  /// returns, or resets it to refuse it.
  virtual void on_inbound_stream(Stream& stream) = 0;

  /// Last word on a stream of either direction, however it ended. The stream and its handler are
  /// destroyed some time after this call.
  virtual void on_stream_closed(Stream& stream) = 0;

  /// So many bytes of a stream have come in or gone out.
  virtual void on_stream_bytes(const Stream&, Direction, std::size_t) {}

  /// The peer closes and says why; any 32-bit value may come. No stream can be opened any more,
  /// those that are open go on.
  virtual void on_go_away(ConnectionCode code) = 0;

  /// A round trip was measured.
  virtual void on_ping_rtt(std::chrono::nanoseconds rtt) = 0;
};

/// Many streams over one secured connection, whatever carries them: yamux over TCP, or QUIC, which
/// is transport, security and muxer at once. How bytes and time go in and out is each muxer's own
/// matter; this is what lies above. I/O-free, one thread.
class Muxer {
 public:
  virtual ~Muxer() = default;

  /// Opens a stream towards the peer; `handler` may be replaced at once (nullptr allowed). The
  /// pointer is valid until MuxerEvents::on_stream_closed(). Fails after close(), a go away of the
  /// peer, or when too many streams wait for the peer's acknowledgement.
  virtual base::Result<Stream*> open_stream(std::unique_ptr<StreamHandler> handler) = 0;

  /// The open stream of this id, or nullptr.
  virtual Stream* find_stream(std::uint64_t id) = 0;
  /// Open streams of both directions.
  virtual std::size_t stream_count() const = 0;
  virtual std::size_t inbound_stream_count() const = 0;
  /// The peer's with this Stream::protocol_tag().
  virtual std::size_t inbound_stream_count(std::uint8_t protocol_tag) const = 0;

  /// Tells the peer why the connection ends and ends all streams: their handlers hear
  /// on_reset(StreamCode::none). What comes in later is ignored. Idempotent.
  virtual void close(ConnectionCode code) = 0;

  /// As close(), without a word to the peer: the transport is gone.
  virtual void abandon() = 0;
};

}  // namespace mexport::libp2p
