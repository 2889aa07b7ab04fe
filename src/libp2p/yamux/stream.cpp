// SPDX-License-Identifier: MIT
#include "libp2p/yamux/stream.hpp"

#include "libp2p/stream_error.hpp"
#include "libp2p/yamux/session.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mexport::libp2p::yamux {

Connection& YamuxStream::connection() {
  return session_.events_.connection();
}

base::Status YamuxStream::write(base::ByteView bytes) {
  if (ended_ || write_closed_) return base::fail(StreamError::closed);
  const std::size_t waiting = pending_write();
  const std::size_t direct = waiting > 0 ? 0 : std::min(bytes.size(), sendable());
  const base::ByteView rest = bytes.subspan(direct);
  if (waiting + rest.size() > kMaxStreamWriteBuffer) {
    return base::fail(StreamError::write_buffer_full);
  }
  for (base::ByteView left = bytes.first(direct); !left.empty();) {
    const std::size_t size = std::min(left.size(), kMaxFramePayload);
    send_data(left.first(size));
    left = left.subspan(size);
  }
  if (!rest.empty()) hold_back(rest);
  return {};
}

// What the peer's window and our own backlog allow now.
std::size_t YamuxStream::sendable() const {
  return std::min<std::size_t>(send_window_, session_.data_budget());
}

void YamuxStream::send_data(base::ByteView payload) {
  send_window_ -= static_cast<std::uint32_t>(payload.size());
  session_.events_.on_stream_bytes(*this, Direction::outbound, payload.size());
  session_.send({FrameType::data, 0, id_, static_cast<std::uint32_t>(payload.size())}, payload);
}

void YamuxStream::hold_back(base::ByteView bytes) {
  if (pending_sent_ > pending_.size() / 2) {
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(pending_sent_));
    pending_sent_ = 0;
  }
  base::append(pending_, bytes);
  session_.waiting_bytes_ += static_cast<std::uint32_t>(bytes.size());
  join_or_leave_ring();
}

void YamuxStream::drop_pending() {
  session_.waiting_bytes_ -= static_cast<std::uint32_t>(pending_write());
  base::Bytes().swap(pending_);
  pending_sent_ = 0;
  join_or_leave_ring();
}

// Who joins comes last; who leaves gives its turn to the next.
void YamuxStream::join_or_leave_ring() {
  const bool can_send = pending_write() > 0 && send_window_ > 0;
  if (can_send == (after_ != nullptr)) return;
  YamuxStream*& turn = session_.turn_;
  if (can_send) {
    if (turn == nullptr) turn = before_ = this;
    after_ = turn;
    before_ = turn->before_;
    before_->after_ = after_->before_ = this;
    return;
  }
  if (turn == this) turn = after_ == this ? nullptr : after_;
  before_->after_ = after_;
  after_->before_ = before_;
  before_ = after_ = nullptr;
}

bool YamuxStream::send_pending() {
  const std::size_t size = std::min({pending_write(), sendable(), kMaxFramePayload});
  if (size == 0) return false;
  send_data(base::ByteView(pending_).subspan(pending_sent_, size));
  pending_sent_ += size;
  session_.waiting_bytes_ -= static_cast<std::uint32_t>(size);
  if (pending_write() > 0) {
    join_or_leave_ring();
    return true;
  }
  drop_pending();
  if (write_closed_) send_fin();
  if (handler_) {
    const Session::CallbackScope scope(session_);
    handler_->on_drained(*this);
  }
  end_if_both_closed();
  return true;
}

void YamuxStream::close_write() {
  if (ended_ || write_closed_) return;
  write_closed_ = true;
  if (pending_write() > 0) return;
  send_fin();
  end_if_both_closed();
}

void YamuxStream::send_fin() {
  session_.send({FrameType::window_update, kFin, id_, 0});
}

void YamuxStream::end_if_both_closed() {
  if (ended_ || !remote_closed_ || !write_closed_ || pending_write() > 0) return;
  session_.detach(*this);
  session_.announce_closed(*this);
}

void YamuxStream::consume(std::size_t n) {
  if (ended_) return;
  const std::uint32_t outstanding = kInitialWindow - receive_window_ - to_return_;
  to_return_ += static_cast<std::uint32_t>(std::min<std::size_t>(n, outstanding));
  return_window();
}

void YamuxStream::return_window() {
  if (remote_closed_ || to_return_ < kInitialWindow / 2 || !session_.granting_) return;
  session_.send({FrameType::window_update, 0, id_, to_return_});
  receive_window_ += to_return_;
  to_return_ = 0;
}

void YamuxStream::reset(StreamCode code) {
  if (ended_) return;
  session_.send({FrameType::window_update, kRst, id_, static_cast<std::uint32_t>(code)});
  session_.detach(*this);
  session_.announce_closed(*this);
}

void YamuxStream::set_handler(std::unique_ptr<StreamHandler> handler) {
  // The old one may be what is calling us, be it from a callback or from a timer of its own.
  if (handler_) session_.replaced_.push_back(std::move(handler_));
  handler_ = std::move(handler);
}

void YamuxStream::deliver(base::ByteView data) {
  session_.events_.on_stream_bytes(*this, Direction::inbound, data.size());
  if (!handler_) return consume(data.size());
  const Session::CallbackScope scope(session_);
  handler_->on_data(*this, data);
}

void YamuxStream::on_window_update(std::uint32_t delta) {
  constexpr std::uint32_t kMax = std::numeric_limits<std::uint32_t>::max();
  send_window_ = delta > kMax - send_window_ ? kMax : send_window_ + delta;
  join_or_leave_ring();
  while (send_pending()) {
  }
}

void YamuxStream::on_remote_close() {
  if (remote_closed_) return;
  remote_closed_ = true;
  if (handler_) {
    const Session::CallbackScope scope(session_);
    handler_->on_remote_close(*this);
  }
  end_if_both_closed();
}

void YamuxStream::on_reset(StreamCode code) {
  session_.detach(*this);
  if (handler_) {
    const Session::CallbackScope scope(session_);
    handler_->on_reset(*this, code);
  }
  session_.announce_closed(*this);
}

}  // namespace mexport::libp2p::yamux
