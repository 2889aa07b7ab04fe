// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "multiformats/multiaddr.hpp"

#include <cstdint>
#include <optional>
#include <sys/socket.h>
#include <utility>

namespace mexport::libp2p::tcp {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// An address as the system's calls take it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// A TCP address together with the interface of a link-local one (0: none).
struct Endpoint {
  multiformats::TcpAddress address;
  std::uint32_t scope = 0;
};

/// For /ip4|ip6/…/tcp/…, with ip6zone before ip6 for link-local addresses; nullopt for other forms
/// and for zones that the machine does not have.
std::optional<Endpoint> endpoint_of(const multiformats::Multiaddr& address);

SocketAddress to_socket_address(const Endpoint& endpoint);
multiformats::TcpAddress from_socket_address(const SocketAddress& address);
/// The addresses of a socket's ends; empty ones when it has none any more.
multiformats::TcpAddress local_address(int fd);
multiformats::TcpAddress remote_address(int fd);

/// A new non-blocking stream socket of the address's family; IPv6 ones are IPv6 only.
base::Result<Descriptor> open_socket(const multiformats::IpAddress& ip);
/// No delay for small writes, and keep-alive, without which a vanished host would be noticed only
/// by those who write.
void set_connection_options(int fd);
/// Closing the socket then resets the connection and drops what waits to be sent.
void reset_at_close(int fd);
void set_flag(int fd, int level, int option, bool on);

std::error_code last_error();

}  // namespace mexport::libp2p::tcp
