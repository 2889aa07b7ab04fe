// SPDX-License-Identifier: MIT
#include "libp2p/tcp/socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <unistd.h>

namespace mexport::libp2p::tcp {
namespace {

using multiformats::IpAddress;
using multiformats::Multiaddr;
using multiformats::Protocol;
using multiformats::TcpAddress;

std::uint32_t scope_of(const Multiaddr::Component& zone) {
  return ::if_nametoindex(std::string(base::as_text(zone.value)).c_str());
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

std::optional<Endpoint> endpoint_of(const Multiaddr& address) {
  if (address.empty()) return std::nullopt;
  const auto first = *address.components().begin();
  if (first.protocol != Protocol::ip6zone) {
    const auto plain = address.tcp_address();
    return plain ? std::optional(Endpoint{.address = *plain}) : std::nullopt;
  }
  const auto rest = Multiaddr::from_bytes(address.bytes().subspan(first.bytes.size()));
  const auto zoned = rest ? rest->tcp_address() : std::nullopt;
  const auto scope = scope_of(first);
  if (!zoned || scope == 0) return std::nullopt;
  return Endpoint{.address = *zoned, .scope = scope};
}

SocketAddress to_socket_address(const Endpoint& endpoint) {
  SocketAddress result;
  const auto& [ip, port] = endpoint.address;
  if (ip.v6) {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    six.sin6_scope_id = endpoint.scope;
    std::memcpy(&six.sin6_addr, ip.bytes.data(), sizeof six.sin6_addr);
    std::memcpy(&result.storage, &six, sizeof six);
    result.size = sizeof six;
  } else {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    std::memcpy(&four.sin_addr, ip.bytes.data(), sizeof four.sin_addr);
    std::memcpy(&result.storage, &four, sizeof four);
    result.size = sizeof four;
  }
  return result;
}

TcpAddress from_socket_address(const SocketAddress& address) {
  TcpAddress result;
  if (address.storage.ss_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address.storage, sizeof six);
    result.ip.v6 = true;
    std::memcpy(result.ip.bytes.data(), &six.sin6_addr, sizeof six.sin6_addr);
    result.port = ntohs(six.sin6_port);
  } else if (address.storage.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address.storage, sizeof four);
    std::memcpy(result.ip.bytes.data(), &four.sin_addr, sizeof four.sin_addr);
    result.port = ntohs(four.sin_port);
  }
  return result;
}

TcpAddress local_address(int fd) {
  SocketAddress address;
  address.size = sizeof address.storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) {
    return {};
  }
  return from_socket_address(address);
}

TcpAddress remote_address(int fd) {
  SocketAddress address;
  address.size = sizeof address.storage;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) {
    return {};
  }
  return from_socket_address(address);
}

base::Result<Descriptor> open_socket(const IpAddress& ip) {
  const int family = ip.v6 ? AF_INET6 : AF_INET;
  Descriptor fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (fd.get() < 0) return base::fail(last_error());
  if (ip.v6) set_flag(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, true);
  return fd;
}

void set_connection_options(int fd) {
  set_flag(fd, IPPROTO_TCP, TCP_NODELAY, true);
  set_flag(fd, SOL_SOCKET, SO_KEEPALIVE, true);
}

void reset_at_close(int fd) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void set_flag(int fd, int level, int option, bool on) {
  const int value = on ? 1 : 0;
  ::setsockopt(fd, level, option, &value, sizeof value);
}

std::error_code last_error() {
  return {errno, std::system_category()};
}

}  // namespace mexport::libp2p::tcp
