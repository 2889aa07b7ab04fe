// SPDX-License-Identifier: MIT
#include "tests/sim/socket.hpp"

#include "tests/sim/accounting.hpp"

#include <algorithm>
#include <utility>

namespace mexport::sim {
namespace {

/// As the driver over TCP.
constexpr std::chrono::seconds kCloseTimeout{2};

}  // namespace

class Socket::Raw final : public libp2p::RawConnection {
 public:
  explicit Raw(SocketPtr socket) : socket_(std::move(socket)) {}

  void start(libp2p::RawConnectionHandler& handler) override { socket_->start(handler); }
  void set_reading(bool reading) override { socket_->set_reading(reading); }
  void write(base::ByteView bytes) override { socket_->write(bytes); }
  std::size_t pending_write() const override { return socket_->pending_.size(); }
  void close() override { socket_->close(); }
  void abort() override { socket_->abort(); }
  multiformats::Multiaddr local() const override { return socket_->local_; }
  multiformats::Multiaddr remote() const override { return socket_->remote_; }
  std::string_view transport() const override { return "tcp"; }

 private:
  void release() override {
    if (socket_->state_ == State::open || socket_->state_ == State::failed) socket_->abort();
    delete this;
  }

  SocketPtr socket_;
};

Socket::Socket(SimShard& shard, base::Random& random, multiformats::Multiaddr local,
               multiformats::Multiaddr remote, LinkQuality quality)
    : shard_(shard.shared_from_this()),
      random_(random),
      local_(std::move(local)),
      remote_(std::move(remote)),
      quality_(quality),
      out_(std::make_shared<Flow>()) {}

void Socket::join(Socket& a, Socket& b) {
  a.peer_ = b.weak_from_this();
  b.peer_ = a.weak_from_this();
  a.in_ = b.out_;
  b.in_ = a.out_;
}

libp2p::RawConnectionPtr Socket::raw() {
  return libp2p::RawConnectionPtr(new Raw(shared_from_this()));
}

void Socket::start(libp2p::RawConnectionHandler& handler) {
  const OwnerScope scope(Owner::world);
  handler_ = &handler;
  schedule_pump({});
}

void Socket::set_reading(bool reading) {
  const OwnerScope scope(Owner::world);
  if (std::exchange(reading_, reading) == reading) return;
  if (reading) schedule_pump({});
}

void Socket::write(base::ByteView bytes) {
  const OwnerScope scope(Owner::world);
  if (state_ != State::open) return;
  const auto size = bytes.size();
  if (pending_.empty()) bytes = bytes.subspan(push(bytes));
  if (state_ != State::open) return;
  if (pending_.size() + bytes.size() > libp2p::kMaxPendingWrite) {
    return fail_later(std::make_error_code(std::errc::no_buffer_space));
  }
  base::append(pending_, bytes);
  out_->written += size;
}

/// How much the network takes.
std::size_t Socket::push(base::ByteView bytes) {
  const auto peer = peer_.lock();
  if (vanished_) return 0;
  if (!peer || peer->state_ == State::dead) {
    // Nobody is there: what is sent is answered by a reset.
    reset_came_ = true;
    schedule_pump(2 * quality_.latency);
    return bytes.size();
  }
  const auto room = quality_.in_flight - std::min(quality_.in_flight, peer->waiting());
  const auto size = std::min(room, bytes.size());
  if (size == 0) return 0;
  base::append(peer->flight_, bytes.first(size));
  if (std::exchange(damage_next_, false)) {
    peer->flight_.back() ^= 1;
    out_->damaged_at = std::min(out_->damaged_at, sent_);
  }
  sent_ += size;
  peer->schedule_pump(quality_.latency);
  return size;
}

void Socket::push_pending() {
  if (pending_.empty()) return;
  const auto size = push(pending_);
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
  if (!pending_.empty()) return;
  base::Bytes().swap(pending_);
  if (state_ == State::closing) return send_end();
  if (state_ != State::open || handler_ == nullptr) return;
  shard_->as_owner([&] { handler_->on_drained(); });
}

void Socket::fail_later(std::error_code error) {
  state_ = State::failed;
  base::Bytes().swap(pending_);
  shard_->post([self = shared_from_this(), error] { self->report(error); });
}

void Socket::hang_up() {
  handler_ = nullptr;
  if (reported_ || in_->ended) return;
  in_->ended = true;
  const bool same = last_delivery_ == shard_->wakeups();
  in_->heard_at_end = same ? delivered_before_ : in_->delivered;
}

void Socket::close() {
  const OwnerScope scope(Owner::world);
  hang_up();
  if (state_ == State::failed) return abort();
  if (state_ != State::open) return;
  state_ = State::closing;
  if (pending_.empty()) send_end();
  shard_->scheduler().after(kCloseTimeout, [self = shared_from_this()] { self->die(); });
}

void Socket::abort() {
  const OwnerScope scope(Owner::world);
  hang_up();
  if (state_ == State::dead) return;
  die();
  reset_peer();
}

void Socket::die() {
  state_ = State::dead;
  base::Bytes().swap(pending_);
  base::Bytes().swap(flight_);
  taken_ = 0;
}

void Socket::send_end() {
  if (std::exchange(end_sent_, true) || vanished_) return;
  if (const auto peer = peer_.lock()) {
    peer->end_comes_ = true;
    peer->schedule_pump(quality_.latency);
  }
}

void Socket::reset_peer() {
  if (vanished_) return;
  if (const auto peer = peer_.lock()) {
    shard_->scheduler().after(quality_.latency, [peer] {
      peer->reset_came_ = true;
      peer->schedule_pump({});
    });
  }
}

void Socket::break_off() {
  if (const auto peer = peer_.lock()) peer->reset_peer();
  reset_peer();
}

void Socket::vanish() {
  vanished_ = true;
  if (const auto peer = peer_.lock()) peer->vanished_ = true;
}

void Socket::schedule_pump(std::chrono::nanoseconds delay) {
  if (state_ == State::dead || std::exchange(pumping_, true)) return;
  const auto at = std::max(shard_->now() + delay, stalled_until_);
  shard_->at(at, [self = shared_from_this()] { self->pump(); });
}

void Socket::pump() {
  const OwnerScope scope(Owner::world);
  pumping_ = false;
  if (state_ == State::dead || vanished_) return;
  if (shard_->now() < stalled_until_) return schedule_pump({});
  if (reset_came_) return report(std::make_error_code(std::errc::connection_reset));
  if (handler_ == nullptr && state_ != State::closing) return;  // start() comes back
  push_pending();
  if (state_ == State::dead) return;
  if (!reading_ && state_ != State::closing) return;  // set_reading() comes back
  if (waiting() > 0) {
    const auto size = std::min<std::size_t>(waiting(), 1 + random_.below(quality_.largest_read));
    deliver(size);
    if (state_ == State::dead) return;
    if (waiting() > 0 || end_comes_) {
      const auto rate = quality_.bytes_per_second;
      const auto pause = rate == 0 ? 1'000 : size * 1'000'000'000 / rate + 1'000;
      return schedule_pump(std::chrono::nanoseconds(pause));
    }
  } else if (end_comes_) {
    report({});
  }
}

void Socket::deliver(std::size_t size) {
  base::Bytes piece(flight_.begin() + static_cast<std::ptrdiff_t>(taken_),
                    flight_.begin() + static_cast<std::ptrdiff_t>(taken_ + size));
  taken_ += size;
  if (taken_ == flight_.size() || taken_ > (64 << 10)) {
    flight_.erase(flight_.begin(), flight_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }
  if (const auto peer = peer_.lock(); peer && !peer->pending_.empty()) {
    peer->schedule_pump(quality_.latency);
  }
  if (handler_ == nullptr) return;  // closed: what still comes is thrown away
  delivered_before_ = in_->delivered;
  last_delivery_ = shard_->wakeups();
  in_->delivered += size;
  shard_->as_owner([&] { handler_->on_bytes(piece); });
}

void Socket::report(std::error_code error) {
  if (state_ == State::dead) return;
  reported_ = true;
  auto* handler = std::exchange(handler_, nullptr);
  die();
  if (error) {
    reset_peer();
  } else {
    send_end();
  }
  if (handler != nullptr) shard_->as_owner([&] { handler->on_closed(error); });
}

}  // namespace mexport::sim
