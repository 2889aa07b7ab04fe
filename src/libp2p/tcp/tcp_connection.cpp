// SPDX-License-Identifier: MIT
#include "libp2p/tcp/tcp_connection.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace mexport::libp2p::tcp {
namespace {

/// Reads of one wake-up, so that a peer that never pauses does not starve the others.
constexpr int kReadsPerWakeup = 2;
/// What close() gives the peer to take its last bytes.
constexpr std::chrono::seconds kCloseTimeout{2};

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

RawConnectionPtr TcpConnection::adopt(Loop& loop, Descriptor socket) {
  set_connection_options(socket.get());
  auto* connection = new TcpConnection(loop, std::move(socket));
  intrusive_ptr_add_ref(connection);  // the owner's, given back by release()
  return RawConnectionPtr(connection);
}

TcpConnection::TcpConnection(Loop& loop, Descriptor socket)
    : loop_(loop),
      socket_(std::move(socket)),
      local_(local_address(socket_.get())),
      remote_(remote_address(socket_.get())) {
  if (local_.port == 0 || remote_.port == 0) state_ = State::failed;  // it has ended already
}

void TcpConnection::release() {
  if (state_ == State::open || state_ == State::failed) abort();
  intrusive_ptr_release(this);
}

multiformats::Multiaddr TcpConnection::local() const {
  return multiformats::Multiaddr::from_tcp(local_);
}

multiformats::Multiaddr TcpConnection::remote() const {
  return multiformats::Multiaddr::from_tcp(remote_);
}

void TcpConnection::start(RawConnectionHandler& handler) {
  handler_ = &handler;
  if (state_ == State::failed) return fail_later(std::make_error_code(std::errc::not_connected));
  if (state_ == State::open) watch();
}

void TcpConnection::watch() {
  if (std::exchange(watched_, true)) return;
  const auto status = loop_.poller().watch(socket_.get(), interest(), *this);
  if (!status) fail_later(status.error());
}

Interest TcpConnection::interest() const {
  if (reading_) return writing_ ? Interest::read_and_write : Interest::read;
  return writing_ ? Interest::write : Interest::none;
}

void TcpConnection::change_interest() {
  loop_.poller().change(socket_.get(), interest(), *this);
}

void TcpConnection::set_reading(bool reading) {
  if (std::exchange(reading_, reading) == reading) return;
  if (state_ == State::open && watched_) change_interest();
}

void TcpConnection::on_ready(bool readable, bool writable) {
  const Pointer self(this);
  loop_.enter();
  if (readable) on_readable();
  if (writable && writing_) on_writable();
}

void TcpConnection::on_readable() {
  bool more = state_ != State::closed && state_ != State::failed;
  for (int i = 0; i < kReadsPerWakeup && more; ++i) {
    if (!read_once(more)) return;
  }
}

/// Whether the connection is still there.
bool TcpConnection::read_once(bool& more) {
  const auto scratch = loop_.scratch();
  const auto got = ::recv(socket_.get(), scratch.data(), scratch.size(), 0);
  if (got > 0) {
    const auto size = static_cast<std::size_t>(got);
    more = size == scratch.size();
    loop_.refresh_now();
    loop_.moved(size);
    if (handler_ != nullptr) handler_->on_bytes(scratch.first(size));
    more = more && reading_;
    return state_ != State::closed && state_ != State::failed;
  }
  if (got < 0 && would_block(errno)) {
    more = false;
    return true;
  }
  report(got == 0 ? std::error_code() : last_error());
  return false;
}

void TcpConnection::write(base::ByteView bytes) {
  if (state_ != State::open) return;
  if (pending_.empty()) bytes = bytes.subspan(send_now(bytes));
  if (bytes.empty() || state_ != State::open) return;
  if (pending_write() + bytes.size() > loop_.max_pending_write()) {
    return fail_later(std::make_error_code(std::errc::no_buffer_space));
  }
  base::append(pending_, bytes);
  wait_writable(true);
}

/// How much the kernel took; a broken connection takes all.
std::size_t TcpConnection::send_now(base::ByteView bytes) {
  const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    loop_.moved(static_cast<std::size_t>(sent));
    return static_cast<std::size_t>(sent);
  }
  if (would_block(errno)) return 0;
  fail_later(last_error());
  return bytes.size();
}

void TcpConnection::wait_writable(bool wait) {
  if (std::exchange(writing_, wait) == wait) return;
  watch();
  change_interest();
}

void TcpConnection::on_writable() {
  if (state_ != State::open && state_ != State::closing) return;
  sent_ += send_now(base::ByteView(pending_).subspan(sent_));
  if ((state_ != State::open && state_ != State::closing) || pending_write() > 0) return;
  drop_pending();
  wait_writable(false);
  if (state_ == State::closing) return linger();
  if (handler_ != nullptr) handler_->on_drained();
}

void TcpConnection::drop_pending() {
  base::Bytes().swap(pending_);
  sent_ = 0;
}

/// The owner is told later, never from within its own call.
void TcpConnection::fail_later(std::error_code error) {
  if (state_ == State::closing || state_ == State::lingering) return close_socket();
  state_ = State::failed;
  drop_pending();
  loop_.post([self = Pointer(this), error] { self->report(error); });
}

void TcpConnection::report(std::error_code error) {
  if (state_ == State::closed) return;
  auto* handler = std::exchange(handler_, nullptr);
  close_socket();
  if (handler != nullptr) handler->on_closed(error);
}

void TcpConnection::close() {
  handler_ = nullptr;
  if (state_ == State::failed) return abort();
  if (state_ != State::open) return;
  set_reading(true);  // its end is what we wait for
  state_ = State::closing;
  deadline_ = std::make_unique<base::Timer>(
      [](void* self) { static_cast<TcpConnection*>(self)->close_socket(); }, this);
  loop_.timers().arm(*deadline_, loop_.now() + kCloseTimeout);
  loop_.keep(this);
  watch();
  if (state_ == State::closing && pending_.empty()) linger();
}

void TcpConnection::linger() {
  state_ = State::lingering;
  ::shutdown(socket_.get(), SHUT_WR);
}

void TcpConnection::abort() {
  handler_ = nullptr;
  // A reset frees the socket at once, on both sides: refusals by the thousand leave no TIME_WAIT.
  if (socket_.get() >= 0) reset_at_close(socket_.get());
  close_socket();
}

void TcpConnection::close_socket() {
  const Pointer self(this);
  state_ = State::closed;
  drop_pending();
  if (deadline_) {
    deadline_->disarm();
    loop_.drop(self);
  }
  if (std::exchange(watched_, false)) loop_.poller().forget(socket_.get(), *this);
  socket_ = Descriptor();
}

}  // namespace mexport::libp2p::tcp
