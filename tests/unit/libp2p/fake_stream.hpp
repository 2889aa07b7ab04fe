// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "libp2p/stream.hpp"
#include "libp2p/stream_error.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mexport::libp2p {

/// A stream without a muxer: what its user does is recorded, what the peer does is said by the
/// test.
class FakeStream final : public Stream {
 public:
  explicit FakeStream(Direction direction = Direction::inbound) : direction_(direction) {}

  std::uint64_t id() const override { return 1; }
  Direction direction() const override { return direction_; }
  Connection& connection() override { return reinterpret_cast<Connection&>(connection_); }
  bool ended() const override { return ended_; }
  base::Status write(base::ByteView bytes) override {
    if (ended_ || write_closed) return base::fail(StreamError::closed);
    base::append(written, bytes);
    return {};
  }
  std::size_t pending_write() const override { return pending; }
  void close_write() override { write_closed = true; }
  void consume(std::size_t n) override { consumed += n; }
  void reset(StreamCode code) override {
    if (ended_) return;
    ended_ = true;
    reset_code = code;
  }
  void set_handler(std::unique_ptr<StreamHandler> handler) override {
    if (handler_) replaced_.push_back(std::move(handler_));
    handler_ = std::move(handler);
  }

  void peer_sends(base::ByteView data) {
    handler_->on_data(*this, data);
    replaced_.clear();
  }
  void drained() { handler_->on_drained(*this); }
  void peer_closes() { handler_->on_remote_close(*this); }
  void peer_resets(StreamCode code) {
    ended_ = true;
    handler_->on_reset(*this, code);
  }
  base::Bytes take_written() { return std::exchange(written, {}); }

  base::Bytes written;
  std::size_t pending = 0;  // as if the peer had not read so much
  std::size_t consumed = 0;
  bool write_closed = false;
  std::optional<StreamCode> reset_code;  // of a reset by the user

 private:
  Direction direction_;
  bool ended_ = false;
  std::unique_ptr<StreamHandler> handler_;
  std::vector<std::unique_ptr<StreamHandler>> replaced_;
  std::max_align_t connection_{};  // only its address is used
};

}  // namespace mexport::libp2p
