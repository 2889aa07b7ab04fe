// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/counter.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/muxer.hpp"
#include "libp2p/negotiate_stream.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/shard.hpp"
#include "libp2p/transport.hpp"
#include "libp2p/upgrade.hpp"
#include "libp2p/yamux/output.hpp"
#include "libp2p/yamux/session.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace mexport::libp2p {

/// A connection made of a raw connection, a secure channel and yamux. Has no buffer of its own:
/// what comes in lies in the shard's scratch buffer, what goes out passes through the shard's
/// output buffers, is encrypted once and written once at the end of the wake-up. One timer serves
/// keep-alive and the deadlines of negotiations.
class MuxedConnection final : public Connection,
                              private RawConnectionHandler,
                              private PlaintextSink,
                              private MuxerEvents,
                              private yamux::Output,
                              private InboundNegotiationEvents,
                              private OutputOwner,
                              private Flushable {
 public:
  MuxedConnection(Swarm& swarm, ConnectionInfo info, Upgraded upgraded);
  ~MuxedConnection() override;

  /// Takes over the raw connection. `received` is what the upgrade left over.
  struct Received {
    base::Bytes plaintext;
    base::Bytes ciphertext;
  };
  void begin(Received received);

  base::Result<Stream*> open_stream(OpenStreamOptions options) override;
  void close(ConnectionCode code) override;
  bool closing() const override { return close_info_.has_value(); }
  void set_reading(bool reading) override { raw_->set_reading(reading); }
  void set_granting(bool granting) override { session_.set_granting(granting); }
  ConnectionStats stats() const override { return stats_; }
  std::size_t stream_count() const override { return session_.stream_count(); }
  void measure_rtt() override { session_.send_ping(shard_.now()); }

 private:
  CloseInfo finish() override;

  /// A stream whose protocol is not agreed on yet.
  struct Negotiation {
    base::SteadyTime deadline;
    std::uint64_t stream_id = 0;
    OutboundNegotiator::Callback done;  // empty for the peer's streams
  };

  // RawConnectionHandler
  void on_bytes(base::MutableByteView bytes) override;
  void on_closed(std::error_code error) override;
  void on_drained() override;
  // PlaintextSink
  base::Status on_plaintext(base::ByteView plaintext) override;
  // MuxerEvents
  Connection& connection() override { return *this; }
  void on_inbound_stream(Stream& stream) override;
  void on_stream_closed(Stream& stream) override;
  void on_stream_bytes(const Stream& stream, Direction way, std::size_t size) override;
  void on_go_away(ConnectionCode code) override { remote_code_ = code; }
  void on_ping_rtt(std::chrono::nanoseconds rtt) override { record_rtt(rtt); }
  // yamux::Output
  base::Bytes& plaintext_out() override;
  std::size_t output_backlog() const override;
  // InboundNegotiationEvents
  void on_inbound_negotiated(Stream& stream, base::Result<std::string_view> protocol) override;
  // OutputOwner
  void pass_on() override;
  // Flushable
  void flush() override;

  void on_outbound_negotiated(Stream& stream, base::Result<std::string_view> protocol);
  OutboundNegotiator::Callback take_negotiation(std::uint64_t stream_id);
  void await_negotiation(Stream& stream, std::chrono::milliseconds timeout,
                         OutboundNegotiator::Callback done);
  void expire_negotiations(base::SteadyTime now);
  void on_timer();
  void arm_timer();
  void receive(base::MutableByteView ciphertext);
  void on_failure(std::error_code error);
  void end(const CloseInfo& info);
  void count_refusals();
  void count_in(std::size_t bytes);
  void count_out(std::size_t bytes);
  /// Says what the stream speaks, and counts it as open.
  void agree(Stream& stream, std::uint8_t tag);
  /// The gauge of the stream's protocol; nullptr when it is not counted.
  base::Counter* stream_gauge(const Stream& stream);
  void account();
  void say_goodbye();
  bool has_frames() const { return shard_.output().owner == this; }

  Shard& shard_;
  const std::uint8_t security_;  // index by SecurityProtocol
  RawConnectionPtr raw_;
  std::unique_ptr<SecureChannel> channel_;
  yamux::Session session_;
  base::Timer timer_;
  base::SteadyTime timer_at_;
  std::vector<Negotiation> negotiations_;  // by deadline
  ConnectionStats stats_;
  std::optional<CloseInfo> close_info_;  // once it is closing
  std::optional<ConnectionCode> remote_code_;
  std::chrono::milliseconds jitter_;
  std::uint32_t counted_refusals_ = 0;
  std::uint32_t held_ = 0;  // of bytes(), by transport, channel and muxer
};

}  // namespace mexport::libp2p
