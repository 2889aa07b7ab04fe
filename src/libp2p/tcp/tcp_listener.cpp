// SPDX-License-Identifier: MIT
#include "libp2p/tcp/tcp_listener.hpp"

#include "base/timer_wheel.hpp"
#include "libp2p/tcp/asio_shard.hpp"
#include "libp2p/tcp/port_sharing.hpp"
#include "libp2p/tcp/tcp_connection.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace mexport::libp2p::tcp {
namespace {

/// Connections of one wake-up; more wait in the backlog.
constexpr int kAcceptsPerWakeup = 64;
/// The pause when the process or the system has no room for another connection.
constexpr std::chrono::milliseconds kOutOfDescriptorsPause{100};

bool is_out_of_room(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// Hands the socket to a swarm on its shard; when that has stopped, it is closed.
void hand_over(Descriptor socket, const AcceptTarget& target) {
  auto shared = std::make_shared<Descriptor>(std::move(socket));
  target.shard->post([shared, &shard = *target.shard, accept = target.accept] {
    accept(TcpConnection::adopt(shard.loop(), std::move(*shared)));
  });
}

/// Shared by the listener and the operation that waits for connections.
class Accepting : public std::enable_shared_from_this<Accepting> {
 public:
  Accepting(Descriptor socket, ListenOptions options)
      : options_(std::move(options)),
        loop_(options_.home.loop()),
        descriptor_(loop_.context(), socket.release()),
        pause_([](void* self) { static_cast<Accepting*>(self)->wait(); }, this) {}

  int socket() { return descriptor_.native_handle(); }

  void wait() {
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (!error && self->descriptor_.is_open()) self->on_readable();
                           });
  }

  void close() {
    pause_.disarm();
    boost::system::error_code ignored;
    descriptor_.close(ignored);
  }

 private:
  void on_readable() {
    loop_.enter();
    for (int i = 0; i < kAcceptsPerWakeup; ++i) {
      Descriptor socket(::accept4(this->socket(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.get() < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        if (is_out_of_room(errno)) return pause();
        count(&ListenerCounters::accept_failed);
        continue;
      }
      count(&ListenerCounters::accepted);
      hand_over(std::move(socket), options_.targets[next_]);
      next_ = (next_ + 1) % options_.targets.size();
    }
    wait();
  }

  void pause() {
    count(&ListenerCounters::out_of_descriptors);
    loop_.timers().arm(pause_, loop_.now() + kOutOfDescriptorsPause);
  }

  void count(base::Counter ListenerCounters::* counter) {
    if (options_.counters != nullptr) (options_.counters->*counter).add();
  }

  ListenOptions options_;
  Loop& loop_;
  boost::asio::posix::stream_descriptor descriptor_;
  base::Timer pause_;
  std::size_t next_ = 0;
};

class TcpListener final : public Listener {
 public:
  TcpListener(std::shared_ptr<Accepting> accepting, PortSharing* ports)
      : accepting_(std::move(accepting)), ports_(ports) {
    const auto bound = local_address(accepting_->socket());
    local_ = multiformats::Multiaddr::from_tcp(bound);
    if (ports_ != nullptr) ports_->add(accepting_->socket(), bound);
    accepting_->wait();
  }
  ~TcpListener() override {
    if (ports_ != nullptr) ports_->remove(accepting_->socket());
    accepting_->close();
  }
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  const multiformats::Multiaddr& local() const override { return local_; }

 private:
  std::shared_ptr<Accepting> accepting_;
  PortSharing* ports_;
  multiformats::Multiaddr local_;
};

}  // namespace

base::Result<std::unique_ptr<Listener>> listen(const multiformats::Multiaddr& address,
                                               ListenOptions options) {
  const auto endpoint = endpoint_of(address);
  if (!endpoint) return base::fail(std::make_error_code(std::errc::address_family_not_supported));
  auto fd = open_socket(endpoint->address.ip);
  if (!fd) return base::fail(fd.error());
  // Lets us follow on connections of ours that have just ended, but not beside another listener.
  set_flag(fd->get(), SOL_SOCKET, SO_REUSEADDR, true);
  const auto target = to_socket_address(*endpoint);
  if (::bind(fd->get(), target.get(), target.size) != 0 ||
      ::listen(fd->get(), options.backlog) != 0) {
    return base::fail(last_error());
  }
  PortSharing* ports = options.ports;
  return std::make_unique<TcpListener>(
      std::make_shared<Accepting>(std::move(*fd), std::move(options)), ports);
}

}  // namespace mexport::libp2p::tcp
