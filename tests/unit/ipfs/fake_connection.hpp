// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "tests/unit/ipfs/fixture.hpp"

#include <cstddef>
#include <memory>

namespace mexport::ipfs {

/// A connection without a swarm, whose peer the test plays.
class FakeConnection final : public libp2p::Connection {
 public:
  FakeConnection() : FakeConnection(std::make_unique<NoSwarm>()) {}

  base::Result<libp2p::Stream*> open_stream(libp2p::OpenStreamOptions options) override {
    return opener.open_stream(std::move(options));
  }
  void close(libp2p::ConnectionCode) override { closed = true; }
  bool closing() const override { return closed; }
  void set_reading(bool now) override { reading = now; }
  void set_granting(bool now) override { granting = now; }
  libp2p::ConnectionStats stats() const override { return {.bytes_in = bytes_in}; }
  std::size_t stream_count() const override { return opener.streams.size(); }
  void measure_rtt() override {}

  FakeOpener opener;
  bool closed = false;
  bool reading = true;
  bool granting = true;
  std::uint64_t bytes_in = 0;

 private:
  struct NoSwarm {
    std::max_align_t address;  // only its address is used
  };
  explicit FakeConnection(std::unique_ptr<NoSwarm> swarm)
      : Connection(reinterpret_cast<libp2p::Swarm&>(*swarm), {}), swarm_(std::move(swarm)) {}

  libp2p::CloseInfo finish() override { return {}; }

  std::unique_ptr<NoSwarm> swarm_;
};

/// A stream that the peer has opened on a connection.
class InboundStream final : public libp2p::Stream {
 public:
  explicit InboundStream(libp2p::Connection& connection) : connection_(connection) {}

  std::uint64_t id() const override { return 7; }
  libp2p::Direction direction() const override { return libp2p::Direction::inbound; }
  libp2p::Connection& connection() override { return connection_; }
  bool ended() const override { return reset_code.has_value(); }
  base::Status write(base::ByteView) override { return {}; }
  std::size_t pending_write() const override { return 0; }
  void close_write() override { write_closed = true; }
  void consume(std::size_t) override {}
  void reset(libp2p::StreamCode code) override { reset_code = code; }
  void set_handler(std::unique_ptr<libp2p::StreamHandler> handler) override {
    handler_ = std::move(handler);
  }

  void peer_sends(base::ByteView data) {
    if (!ended()) handler_->on_data(*this, data);
  }
  void peer_closes() { handler_->on_remote_close(*this); }
  void ends_with_connection() { handler_->on_reset(*this, libp2p::StreamCode::none); }

  bool write_closed = false;
  std::optional<libp2p::StreamCode> reset_code;

 private:
  libp2p::Connection& connection_;
  std::unique_ptr<libp2p::StreamHandler> handler_;
};

}  // namespace mexport::ipfs
