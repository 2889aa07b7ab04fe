// SPDX-License-Identifier: MIT
#include "libp2p/tcp/tcp_connection.hpp"

#include <boost/asio/post.hpp>

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace mexport::libp2p::tcp {
namespace {

/// Reads of one wake-up, so that a peer that never pauses does not starve the others.
constexpr int kReadsPerWakeup = 2;
/// What close() gives the peer to take its last bytes.
constexpr std::chrono::seconds kCloseTimeout{2};

boost::asio::ip::tcp protocol_of(const multiformats::TcpAddress& address) {
  return address.ip.v6 ? boost::asio::ip::tcp::v6() : boost::asio::ip::tcp::v4();
}

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
      socket_(loop.context().get_executor()),
      local_(local_address(socket.get())),
      remote_(remote_address(socket.get())) {
  boost::system::error_code error;
  socket_.assign(protocol_of(local_), socket.get(), error);
  if (error) {
    state_ = State::failed;
  } else {
    socket.release();
  }
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
  if (state_ == State::failed) return fail_later(std::make_error_code(std::errc::io_error));
  if (state_ == State::open) wait_readable();
}

void TcpConnection::wait_readable() {
  if (std::exchange(reading_, true)) return;
  socket_.async_wait(Socket::wait_read,
                     [self = Pointer(this)](const boost::system::error_code& error) {
                       self->reading_ = false;
                       if (!error) self->on_readable();
                     });
}

void TcpConnection::on_readable() {
  if (state_ == State::closed || state_ == State::failed) return;
  loop_.enter();
  bool more = true;
  for (int i = 0; i < kReadsPerWakeup && more; ++i) {
    if (!read_once(more)) return;
  }
  wait_readable();
}

bool TcpConnection::read_once(bool& more) {
  const auto scratch = loop_.scratch();
  const auto got = ::recv(socket_.native_handle(), scratch.data(), scratch.size(), 0);
  if (got > 0) {
    const auto size = static_cast<std::size_t>(got);
    more = size == scratch.size();
    loop_.refresh_now();
    if (handler_ != nullptr) handler_->on_bytes(scratch.first(size));
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
  if (pending_write() + bytes.size() > kMaxPendingWrite) {
    return fail_later(std::make_error_code(std::errc::no_buffer_space));
  }
  base::append(pending_, bytes);
  wait_writable();
}

/// How much the kernel took; a broken connection takes all.
std::size_t TcpConnection::send_now(base::ByteView bytes) {
  const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (would_block(errno)) return 0;
  fail_later(last_error());
  return bytes.size();
}

void TcpConnection::wait_writable() {
  if (std::exchange(writing_, true)) return;
  socket_.async_wait(Socket::wait_write,
                     [self = Pointer(this)](const boost::system::error_code& error) {
                       self->writing_ = false;
                       if (!error) self->on_writable();
                     });
}

void TcpConnection::on_writable() {
  if (state_ != State::open && state_ != State::closing) return;
  loop_.enter();
  sent_ += send_now(base::ByteView(pending_).subspan(sent_));
  if (state_ != State::open && state_ != State::closing) return;
  if (pending_write() > 0) return wait_writable();
  drop_pending();
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
  boost::asio::post(loop_.context(), [self = Pointer(this), error] {
    self->loop_.enter();
    self->report(error);
  });
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
  state_ = State::closing;
  deadline_ = std::make_unique<base::Timer>(
      [](void* self) { static_cast<TcpConnection*>(self)->close_socket(); }, this);
  loop_.timers().arm(*deadline_, loop_.now() + kCloseTimeout);
  wait_readable();
  if (pending_.empty()) linger();
}

void TcpConnection::linger() {
  state_ = State::lingering;
  ::shutdown(socket_.native_handle(), SHUT_WR);
}

void TcpConnection::abort() {
  handler_ = nullptr;
  close_socket();
}

void TcpConnection::close_socket() {
  state_ = State::closed;
  drop_pending();
  if (deadline_) deadline_->disarm();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace mexport::libp2p::tcp
