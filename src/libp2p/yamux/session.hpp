// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/rate_limit.hpp"
#include "base/result.hpp"
#include "libp2p/muxer.hpp"
#include "libp2p/yamux/error.hpp"
#include "libp2p/yamux/frame.hpp"
#include "libp2p/yamux/output.hpp"
#include "libp2p/yamux/stream.hpp"
#include "libp2p/yamux/stream_table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace mexport::libp2p::yamux {

/// Shared by many sessions, which refer to it: it outlives them.
struct Options {
  /// Further streams of the peer are reset with resource_limit_exceeded.
  std::uint32_t max_inbound_streams = 1024;
  /// Streams of ours that the peer has neither accepted nor refused (AcceptBacklog of go-yamux).
  std::uint32_t max_unacked_streams = 256;
  /// Silence of the peer after which we ping, and how long we wait for any sign of life then.
  std::chrono::milliseconds keep_alive_after{30'000};
  std::chrono::milliseconds ping_timeout{10'000};
  /// Stream data waits in its stream while Output::output_backlog() is at or above this.
  std::size_t data_backlog = 256 * 1024;
  /// Answers (pongs, resets, window updates) go out at any time; at this backlog the session fails
  /// with output_stuck.
  std::size_t max_backlog = 1024 * 1024;
  /// Of the peer's frames that carry nothing, be it that they open, end, ask or mean nothing, and
  /// of those that open a stream. At more the session fails with rate_limited.
  base::Rate frame_rate{.interval = std::chrono::microseconds(1000), .burst = 16'384};
};

/// Go away codes that yamux defines itself; others are libp2p's ConnectionCode.
inline constexpr auto kGoAwayNormal = ConnectionCode::none;
inline constexpr auto kGoAwayProtocolError = ConnectionCode{1};
inline constexpr auto kGoAwayInternalError = ConnectionCode{2};

/// What a session has seen that is not an error.
struct SessionCounters {
  std::uint32_t ignored_frames = 0;   ///< for streams that are gone or never were
  std::uint32_t refused_streams = 0;  ///< beyond max_inbound_streams or after our go away
};

/// One connection multiplexed by yamux (`/yamux/1.0.0`; go-yamux: spec.md). I/O-free, belongs to
/// its connection's shard. Decrypted bytes and the time go in, frames go out through Output, events
/// to MuxerEvents and StreamHandler. Holds no payload: data is handed on piece by piece as it
/// comes. Neither receive() nor on_timer() nor the destructor may be called from within a callback.
class Session final : public Muxer {
 public:
  /// The security initiator is the yamux dialler (odd stream ids). All references outlive the
  /// session.
  Session(Direction direction, MuxerEvents& events, Output& output, const Options& options,
          base::SteadyTime now);
  /// Destroys the streams with their handlers, without a call to any of them.
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  base::Result<Stream*> open_stream(std::unique_ptr<StreamHandler> handler) override;
  Stream* find_stream(std::uint64_t id) override;
  std::size_t stream_count() const override { return streams_.size(); }
  std::size_t inbound_stream_count() const override { return inbound_; }
  std::size_t inbound_stream_count(std::uint8_t protocol_tag) const override {
    return streams_.count_inbound(protocol_tag);
  }
  /// Bytes that wait in streams, over all of them.
  std::size_t pending_write() const { return waiting_bytes_; }
  void close(ConnectionCode code) override;
  void abandon() override;

  /// Bytes of the peer, of any fragmentation. An error is final: the owner calls close() (with
  /// kGoAwayProtocolError where is_protocol_error() says so), flushes and ends the connection.
  base::Status receive(base::ByteView plaintext, base::SteadyTime now);

  /// Tells the peer that we open and accept no more streams. Those that are open go on.
  void go_away(ConnectionCode code);

  /// When on_timer() should next be called; it moves later with each receive(), so that a timer
  /// that comes too early needs only to be armed anew.
  base::SteadyTime next_timer() const;
  /// Pings a silent peer. Error: keep_alive_lost.
  base::Status on_timer(base::SteadyTime now);
  /// Measures a round trip, unless a ping is under way.
  void send_ping(base::SteadyTime now);

  /// Whether the windows of the peer's data are given back; what is consumed meanwhile, later.
  void set_granting(bool granting);

  /// The owner calls it whenever it has passed output on or the socket has taken some: waiting data
  /// is framed as the backlog allows (which needs another flush), ended streams are destroyed.
  void on_output_flushed();

  const SessionCounters& counters() const { return counters_; }

 private:
  friend class YamuxStream;
  enum class State : std::uint8_t { open, going_away, closed };

  // Nothing is destroyed while a handler or the owner is being called.
  class CallbackScope {
   public:
    explicit CallbackScope(Session& session) : session_(session) { ++session_.callbacks_; }
    ~CallbackScope() { --session_.callbacks_; }
    CallbackScope(const CallbackScope&) = delete;
    CallbackScope& operator=(const CallbackScope&) = delete;

   private:
    Session& session_;
  };

  bool fill_header(base::ByteView& in);
  base::Status on_frame(base::SteadyTime now);
  base::Status on_syn(const Header& header);
  base::Status on_data(const Header& header);
  void on_window_update(const Header& header);
  base::Status on_ping(const Header& header, base::SteadyTime now);
  void on_go_away(const Header& header);
  void on_ack(std::uint32_t stream_id);
  void take_payload(base::ByteView& in);

  void send(const Header& header, base::ByteView payload = {});
  base::Status answer(const Header& header);
  std::size_t data_budget() const;
  void detach(YamuxStream& stream);
  void announce_closed(YamuxStream& stream);
  void pump();
  void collect();

  MuxerEvents& events_;
  Output& output_;
  const Options& options_;
  StreamTable streams_;
  YamuxStream* turn_ = nullptr;  // whose data goes out next; in a ring of those that can send
  std::unique_ptr<YamuxStream> ended_;                    // chained; destroyed by collect()
  std::vector<std::unique_ptr<StreamHandler>> replaced_;  // destroyed by collect()
  base::SteadyTime last_received_;
  base::SteadyTime ping_sent_;
  base::RateLimit frames_;
  SessionCounters counters_;
  std::uint32_t next_id_;
  std::uint32_t inbound_ = 0;
  std::uint32_t unacked_ = 0;
  std::uint32_t waiting_bytes_ = 0;
  std::uint32_t ping_value_ = 0;
  std::uint32_t payload_stream_ = 0;  // the data frame that is being received
  std::uint32_t payload_left_ = 0;
  std::uint16_t callbacks_ = 0;  // how deep we are in calls to handlers and owner
  std::array<std::uint8_t, kHeaderSize> header_{};
  std::uint8_t header_fill_ = 0;
  State state_ = State::open;
  bool payload_fin_ = false;
  bool ping_pending_ = false;
  bool remote_going_away_ = false;
  bool granting_ = true;
  std::error_code error_;  // what ended the session, if anything
};

}  // namespace mexport::libp2p::yamux
