// SPDX-License-Identifier: MIT
#include "libp2p/tcp/tcp_transport.hpp"

#include "libp2p/tcp/port_sharing.hpp"
#include "libp2p/tcp/system_shard.hpp"
#include "libp2p/tcp/tcp_connection.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace mexport::libp2p::tcp {
namespace {

/// Whether a connect failed because of the port that it was to leave from.
bool is_port_conflict(std::error_code error) {
  return error == std::errc::address_in_use || error == std::errc::address_not_available ||
         error == std::errc::invalid_argument;
}

/// A connect under way. Shared by its PendingDial and its own calls.
class Dialling final : public std::enable_shared_from_this<Dialling>, private Watcher {
 public:
  Dialling(Loop& loop, Transport::DialCallback callback)
      : loop_(loop),
        callback_(std::move(callback)),
        timer_([](void* self) { static_cast<Dialling*>(self)->on_timer(); }, this) {}

  void begin(const Endpoint& target, PortSharing* ports, std::chrono::milliseconds timeout) {
    auto connecting = connect(target, ports);
    if (!connecting && ports != nullptr && is_port_conflict(connecting.error())) {
      connecting = connect(target, nullptr);
    }
    if (!connecting) return finish_later(connecting.error());
    socket_ = std::move(*connecting);
    const auto watching = loop_.poller().watch(socket_.get(), Interest::write, *this);
    if (!watching) return finish_later(watching.error());
    loop_.timers().arm(timer_, loop_.now() + timeout);
  }

  void cancel() {
    callback_ = nullptr;
    end();
  }

 private:
  static base::Result<Descriptor> connect(const Endpoint& target, PortSharing* ports) {
    auto fd = open_socket(target.address.ip);
    if (!fd) return fd;
    if (ports != nullptr) ports->bind(fd->get(), target.address);
    const auto address = to_socket_address(target);
    if (::connect(fd->get(), address.get(), address.size) != 0 && errno != EINPROGRESS) {
      return base::fail(last_error());
    }
    return fd;
  }

  void finish_later(std::error_code error) {
    loop_.post([self = shared_from_this(), error] { self->finish(base::fail(error)); });
  }

  void on_ready(bool, bool) override {
    loop_.enter();
    int failure = 0;
    socklen_t size = sizeof failure;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
    if (failure != 0) return finish(base::fail(std::error_code(failure, std::system_category())));
    const auto forgotten = loop_.poller().forget(socket_.get(), *this);
    if (!forgotten)
      return finish(base::fail(forgotten.error()));  // never a socket with two watchers
    finish(TcpConnection::adopt(loop_, std::move(socket_)));
  }

  void on_timer() { finish(base::fail(std::make_error_code(std::errc::timed_out))); }

  void finish(base::Result<RawConnectionPtr> result) {
    const auto self = shared_from_this();  // the callback may destroy the PendingDial
    const auto callback = std::exchange(callback_, nullptr);
    end();
    if (callback) callback(std::move(result));
  }

  void end() {
    timer_.disarm();
    if (socket_.get() >= 0) loop_.poller().forget(socket_.get(), *this);
    socket_ = Descriptor();
  }

  Loop& loop_;
  Descriptor socket_;
  Transport::DialCallback callback_;
  base::Timer timer_;
};

class TcpDial final : public PendingDial {
 public:
  explicit TcpDial(std::shared_ptr<Dialling> dialling) : dialling_(std::move(dialling)) {}
  ~TcpDial() override { dialling_->cancel(); }

 private:
  std::shared_ptr<Dialling> dialling_;
};

}  // namespace

bool TcpTransport::can_dial(const multiformats::Multiaddr& address) const {
  const auto endpoint = endpoint_of(address);
  return endpoint && endpoint->address.port != 0;
}

std::unique_ptr<PendingDial> TcpTransport::dial(const multiformats::Multiaddr& address,
                                                DialCallback callback) {
  auto dialling = std::make_shared<Dialling>(shard_.loop(), std::move(callback));
  dialling->begin(endpoint_of(address).value_or(Endpoint{}), ports_, options_.connect_timeout);
  return std::make_unique<TcpDial>(std::move(dialling));
}

}  // namespace mexport::libp2p::tcp
