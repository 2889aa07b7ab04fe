// SPDX-License-Identifier: MIT
// What no protocol can do without: the primitives of a handshake and of a message, and sockets that
// only accept and read. `primitives` prints JSON; `sink` prints its port and reads until its input
// ends; `source` loads a sink as mexport-load loads a node.
#include "crypto/aead.hpp"
#include "crypto/keys.hpp"
#include "crypto/x25519.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace mexport;
using Options = std::map<std::string, double, std::less<>>;

[[noreturn]] void fail(std::string_view what) {
  std::fprintf(stderr, "mexport-floor: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// CPU nanoseconds of one call, the median of eleven batches.
template <class Call>
double nanoseconds(int calls, Call call) {
  std::array<double, 11> batches{};
  for (double& batch : batches) {
    const double start = cpu_seconds();
    for (int i = 0; i < calls; ++i) call();
    batch = (cpu_seconds() - start) * 1e9 / calls;
  }
  std::ranges::nth_element(batches, batches.begin() + 5);
  return batches[5];
}

double decrypt(std::size_t size, int calls) {
  crypto::Aead aead;
  crypto::AeadKey key;
  base::Bytes sealed(size + crypto::kAeadTagSize);
  aead.encrypt(key, 1, {}, base::Bytes(size), sealed);
  base::Bytes out(sealed.size());
  return nanoseconds(calls, [&] {
    if (!aead.decrypt(key, 1, {}, sealed, out)) fail("cannot decrypt");
  });
}

int primitives(const Options& options) {
  const auto size = static_cast<std::size_t>(options.at("bytes"));
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  const auto ecdsa = crypto::PrivateKey::generate(crypto::KeyType::ecdsa);
  if (!key || !ecdsa) fail("cannot make a key");
  const base::Bytes text(64);
  const auto signature = key->sign(text);
  const auto ecdsa_signature = ecdsa->sign(text);
  const auto peer = crypto::X25519KeyPair::generate();
  const auto own = crypto::X25519KeyPair::generate();
  std::printf("{\"x25519_keygen\":%.0f,", nanoseconds(40, crypto::X25519KeyPair::generate));
  std::printf("\"x25519\":%.0f,", nanoseconds(40, [&] { (void)own.derive(peer.public_key()); }));
  std::printf("\"ed25519_sign\":%.0f,", nanoseconds(40, [&] { (void)key->sign(text); }));
  std::printf("\"ed25519_verify\":%.0f,",
              nanoseconds(40, [&] { (void)key->public_key().verify(text, *signature); }));
  std::printf("\"ecdsa_p256_sign\":%.0f,", nanoseconds(40, [&] { (void)ecdsa->sign(text); }));
  std::printf("\"ecdsa_p256_verify\":%.0f,",
              nanoseconds(40, [&] { (void)ecdsa->public_key().verify(text, *ecdsa_signature); }));
  std::printf("\"aead_message\":%.0f,\"aead_64k\":%.0f}\n", decrypt(size, 2000),
              decrypt(65519, 50));
  return 0;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void no_delay(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

class Sink {
 public:
  explicit Sink(const Options& options) : reply_(static_cast<std::size_t>(options.at("reply"))) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 4096) != 0) fail("cannot listen");
    ::getsockname(listener_, raw, &size);
    std::printf("{\"port\":%d}\n", ntohs(address.sin_port));
    std::fflush(stdout);
    watch(listener_);
    watch(STDIN_FILENO);
  }

  int run() {
    std::array<epoll_event, 64> ready{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = ready[static_cast<std::size_t>(i)].data.fd;
        if (fd == STDIN_FILENO) return 0;
        fd == listener_ ? accept_all() : read_one(fd);
      }
    }
  }

 private:
  void watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
  void accept_all() const {
    for (int fd = 0; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      no_delay(fd);
      watch(fd);
    }
  }
  void read_one(int fd) {
    const auto got = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) {
      ::close(fd);
    } else if (reply_ > 0) {
      ::send(fd, buffer_.data(), reply_, MSG_NOSIGNAL);
    }
  }

  std::size_t reply_;
  int epoll_ = ::epoll_create1(0);
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  std::vector<char> buffer_ = std::vector<char>(128 << 10);
};

std::vector<int> connect(int port, std::size_t count) {
  std::vector<int> sockets;
  const auto address = loopback(port);
  while (sockets.size() < count) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      fail("cannot connect");
    }
    no_delay(fd);
    sockets.push_back(fd);
  }
  return sockets;
}

/// Messages at a rate, in the rhythm of mexport-load.
std::uint64_t send_messages(const Options& options) {
  const auto sockets = connect(static_cast<int>(options.at("port")),
                               static_cast<std::size_t>(options.at("connections")));
  const std::vector<char> message(static_cast<std::size_t>(options.at("bytes")));
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  std::uint64_t sent = 0;
  for (double elapsed = 0; elapsed < options.at("seconds");) {
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    const auto due = static_cast<std::uint64_t>(elapsed * options.at("rate"));
    for (; sent < due; ++sent) {
      ::send(sockets[sent % sockets.size()], message.data(), message.size(), MSG_NOSIGNAL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (const int fd : sockets) ::close(fd);
  return sent;
}

/// Connections that exchange `rounds` times `bytes` with the sink and close, 64 at once.
std::uint64_t shake_hands(const Options& options) {
  const auto wanted = static_cast<std::uint64_t>(options.at("handshakes"));
  std::vector<char> buffer(static_cast<std::size_t>(options.at("bytes")));
  std::uint64_t made = 0;
  while (made < wanted) {
    const auto sockets = connect(static_cast<int>(options.at("port")), 64);
    for (int round = 0; round < static_cast<int>(options.at("rounds")); ++round) {
      for (const int fd : sockets) ::send(fd, buffer.data(), buffer.size(), MSG_NOSIGNAL);
      for (const int fd : sockets) (void)!::recv(fd, buffer.data(), buffer.size(), 0);
    }
    for (const int fd : sockets) ::close(fd);
    made += sockets.size();
  }
  return made;
}

Options parse(int argc, char** argv) {
  Options options{{"port", 0},    {"connections", 10}, {"rate", 1000}, {"bytes", 250},
                  {"seconds", 3}, {"handshakes", 0},   {"rounds", 5},  {"reply", 0}};
  for (int i = 2; i < argc; i += 2) {
    const auto found = options.find(std::string_view(argv[i]).substr(2));
    if (found == options.end() || i + 1 == argc) fail("unknown option");
    found->second = std::strtod(argv[i + 1], nullptr);
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  const Options options = parse(argc, argv);
  if (mode == "primitives") return primitives(options);
  if (mode == "sink") return Sink(options).run();
  if (mode != "source") fail("usage: mexport-floor primitives|sink|source [--option number]…");
  const auto done = options.at("handshakes") > 0 ? shake_hands(options) : send_messages(options);
  std::printf("{\"done\":%llu}\n", static_cast<unsigned long long>(done));
  return 0;
}
