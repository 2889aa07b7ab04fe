// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "libp2p/stream.hpp"
#include "libp2p/yamux/frame.hpp"

#include <cstdint>
#include <memory>

namespace mexport::libp2p::yamux {

class Session;

/// A stream of a yamux session, which owns it. Our receive window is kInitialWindow throughout, so
/// that a stream that nobody consumes holds no more than that.
class YamuxStream final : public Stream {
 public:
  YamuxStream(Session& session, std::uint32_t id, Direction direction)
      : direction_(direction),
        acked_(direction == Direction::inbound),
        id_(id),
        session_(session) {}

  std::uint64_t id() const override { return id_; }
  Direction direction() const override { return direction_; }
  Connection& connection() override;
  bool ended() const override { return ended_; }
  base::Status write(base::ByteView bytes) override;
  std::size_t pending_write() const override { return pending_.size() - pending_sent_; }
  void close_write() override;
  void consume(std::size_t n) override;
  void reset(StreamCode code) override;
  void set_handler(std::unique_ptr<StreamHandler> handler) override;

 private:
  friend class Session;

  std::size_t sendable() const;
  void send_data(base::ByteView payload);
  void hold_back(base::ByteView bytes);
  void drop_pending();
  bool send_pending();
  void join_or_leave_ring();
  void send_fin();
  void end_if_both_closed();
  void return_window();

  void deliver(base::ByteView data);
  void on_window_update(std::uint32_t delta);
  void on_remote_close();
  void on_reset(StreamCode code);

  // The small ones first: they lie in the padding of the base.
  Direction direction_;
  bool acked_;
  bool write_closed_ = false;  // by us; FIN follows what is pending
  bool remote_closed_ = false;
  bool ended_ = false;  // out of the session's table
  std::uint32_t id_;
  std::uint32_t send_window_ = kInitialWindow;
  std::uint32_t receive_window_ = kInitialWindow;  // what the peer may still send
  std::uint32_t to_return_ = 0;  // consumed, not yet given back by a window update
  Session& session_;
  std::unique_ptr<StreamHandler> handler_;
  std::unique_ptr<YamuxStream> next_ended_;  // in the session's chain of those to destroy
  // In the session's ring while data waits that the peer's window has room for; else null.
  YamuxStream* before_ = nullptr;
  YamuxStream* after_ = nullptr;
  base::Bytes pending_;           // waits for the peer's window or the backlog
  std::size_t pending_sent_ = 0;  // bytes at the front of pending_ that are gone already
};

}  // namespace mexport::libp2p::yamux
