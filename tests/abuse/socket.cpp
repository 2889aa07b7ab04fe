// SPDX-License-Identifier: MIT
#include "tests/abuse/socket.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mexport::abuse {
namespace {

constexpr std::uint32_t kLoopback = 0x7f000001;
/// 127.1.0.0, above which the attackers live.
constexpr std::uint32_t kAttackers = 0x7f010000;
constexpr timeval kSendTimeout{.tv_sec = 30, .tv_usec = 0};

sockaddr_in address_of(std::uint32_t ip, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(ip);
  address.sin_port = htons(port);
  return address;
}

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

template <class Call>
bool done(Call call, int fd, std::uint32_t ip, std::uint16_t port) {
  const auto address = address_of(ip, port);
  return call(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

Socket::Socket(int fd) : fd_(fd) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout, sizeof kSendTimeout);
}

Socket::Socket(std::uint16_t port, Source source)
    : Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (fd_ < 0) fail("socket");
  const std::uint32_t ip = source.number == 0 ? kLoopback : kAttackers + source.number;
  if (!done(::bind, fd_, ip, 0)) fail("bind");
  if (!done(::connect, fd_, kLoopback, port)) fail("connect");
}

Socket Socket::adopt(int fd) {
  return Socket(fd);
}

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), ended_(other.ended_) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(ended_, other.ended_);
  return *this;
}

bool Socket::send(base::ByteView bytes) {
  while (!bytes.empty() && !ended_) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      ended_ = true;
      break;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return !ended_;
}

base::Bytes Socket::receive(std::chrono::milliseconds within) {
  pollfd readable{.fd = fd_, .events = POLLIN, .revents = 0};
  if (ended_ || ::poll(&readable, 1, static_cast<int>(within.count())) <= 0) return {};
  base::Bytes bytes(64 * 1024);
  const auto got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  ended_ = got == 0 || (got < 0 && errno != EINTR);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

bool Socket::discard() {
  std::array<std::uint8_t, 64 * 1024> scratch;
  while (!ended_) {
    const auto got = ::recv(fd_, scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (got < 0 && errno == EINTR) continue;
    ended_ = got <= 0;
  }
  return false;
}

bool Socket::ends_within(std::chrono::milliseconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (!ended_) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    receive(left);
  }
  return true;
}

void Socket::abort() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(fd_, -1));
  ended_ = true;
}

}  // namespace mexport::abuse
