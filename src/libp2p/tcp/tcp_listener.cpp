// SPDX-License-Identifier: MIT
#include "libp2p/tcp/tcp_listener.hpp"

#include "base/timer_wheel.hpp"
#include "libp2p/tcp/port_sharing.hpp"
#include "libp2p/tcp/system_shard.hpp"
#include "libp2p/tcp/tcp_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <sys/socket.h>
#include <utility>

namespace mexport::libp2p::tcp {
namespace {

/// Connections of one wake-up; more wait in the backlog.
constexpr int kAcceptsPerWakeup = 64;
/// The pause when the process or the system has no room for another connection: doubled each time
/// up to the longest, until one gets in. Those that come meanwhile wait in the backlog.
constexpr std::chrono::milliseconds kShortestPause{100};
constexpr std::chrono::milliseconds kLongestPause{1'000};
/// Connections that fail in a row before that is taken for the listener's trouble.
constexpr int kMaxFailuresInRow = 64;
/// How often at most that is said.
constexpr std::chrono::minutes kSayInterval{1};

/// Of the connection that was to be accepted, not of the listener: the next one may do better.
bool is_of_one_connection(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM ||
         error == ENETDOWN || error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == ENONET || error == ENOPROTOOPT || error == EOPNOTSUPP;
}

/// Hands the socket to a swarm on its shard; when that has stopped, it is closed.
void hand_over(Descriptor socket, const AcceptTarget& target) {
  auto shared = std::make_shared<Descriptor>(std::move(socket));
  target.shard->post([shared, &shard = *target.shard, accept = target.accept] {
    accept(TcpConnection::adopt(shard.loop(), std::move(*shared)));
  });
}

/// The accepting socket. Waits for connections, but for pauses.
class Accepting final : private Watcher {
 public:
  Accepting(Descriptor socket, ListenOptions options)
      : options_(std::move(options)),
        loop_(options_.home.loop()),
        socket_(std::move(socket)),
        pause_([](void* self) { static_cast<Accepting*>(self)->go_on(); }, this) {}
  ~Accepting() {
    if (waiting_) loop_.poller().forget(socket_.get(), *this);
  }
  Accepting(const Accepting&) = delete;
  Accepting& operator=(const Accepting&) = delete;

  int socket() const { return socket_.get(); }

  base::Status wait() {
    auto status = loop_.poller().watch(socket_.get(), Interest::read, *this);
    waiting_ = status.has_value();
    return status;
  }

 private:
  void on_ready(bool, bool) override {
    loop_.enter();
    for (int i = 0; i < kAcceptsPerWakeup; ++i) {
      Descriptor socket(::accept4(this->socket(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.get() < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return;
        if (!is_of_one_connection(errno) || ++failures_ >= kMaxFailuresInRow) {
          return pause(last_error());
        }
        count(&ListenerCounters::accept_failed);
        continue;
      }
      failures_ = 0;
      pause_length_ = kShortestPause;
      count(&ListenerCounters::accepted);
      hand_over(std::move(socket), options_.targets[next_]);
      next_ = (next_ + 1) % options_.targets.size();
    }
  }

  void pause(std::error_code error) {
    count(is_local_trouble(error) ? &ListenerCounters::out_of_descriptors
                                  : &ListenerCounters::accept_failed);
    say(error);
    if (std::exchange(waiting_, false)) loop_.poller().forget(socket_.get(), *this);
    failures_ = 0;
    loop_.timers().arm(pause_, loop_.now() + pause_length_);
    pause_length_ = std::min(2 * pause_length_, kLongestPause);
  }

  void go_on() {
    if (const auto status = wait(); !status) pause(status.error());
  }

  void say(std::error_code error) {
    if (loop_.now() < say_again_) return;
    say_again_ = loop_.now() + kSayInterval;
    options_.log.warn("new connections have to wait: {}", error.message());
  }

  void count(base::Counter ListenerCounters::* counter) const {
    if (options_.counters != nullptr) (options_.counters->*counter).add();
  }

  ListenOptions options_;
  Loop& loop_;
  Descriptor socket_;
  base::Timer pause_;
  std::chrono::milliseconds pause_length_ = kShortestPause;
  base::SteadyTime say_again_;
  std::size_t next_ = 0;
  int failures_ = 0;  // in a row
  bool waiting_ = false;
};

class TcpListener final : public Listener {
 public:
  TcpListener(std::unique_ptr<Accepting> accepting, const multiformats::TcpAddress& bound,
              PortSharing* ports)
      : accepting_(std::move(accepting)),
        ports_(ports),
        local_(multiformats::Multiaddr::from_tcp(bound)) {
    if (ports_ != nullptr) ports_->add(accepting_->socket(), bound);
  }
  ~TcpListener() override {
    if (ports_ != nullptr) ports_->remove(accepting_->socket());
  }
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  const multiformats::Multiaddr& local() const override { return local_; }

 private:
  std::unique_ptr<Accepting> accepting_;
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
  const auto bound = local_address(fd->get());
  if (bound.port == 0) return base::fail(last_error());
  PortSharing* ports = options.ports;
  auto accepting = std::make_unique<Accepting>(std::move(*fd), std::move(options));
  if (auto status = accepting->wait(); !status) return base::fail(status.error());
  return std::make_unique<TcpListener>(std::move(accepting), bound, ports);
}

}  // namespace mexport::libp2p::tcp
