// SPDX-License-Identifier: MIT
#include "libp2p/tcp/port_sharing.hpp"

#include "libp2p/tcp/socket.hpp"
#include "multiformats/ip_range.hpp"

#include <algorithm>

namespace mexport::libp2p::tcp {
namespace {

bool suits(const multiformats::TcpAddress& bound, const multiformats::TcpAddress& target) {
  if (bound.ip.v6 != target.ip.v6) return false;
  return bound.ip.is_unspecified() || is_loopback(bound.ip) == is_loopback(target.ip);
}

}  // namespace

void PortSharing::add(int listening_socket, const multiformats::TcpAddress& bound) {
  const std::lock_guard lock(mutex_);
  listening_.push_back({listening_socket, bound});
}

void PortSharing::remove(int listening_socket) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listening_, [&](const Listening& l) { return l.socket == listening_socket; });
}

bool PortSharing::bind(int socket, const multiformats::TcpAddress& target) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(listening_, [&](const Listening& l) { return suits(l.bound, target); });
  if (found == listening_.end()) return false;
  set_flag(socket, SOL_SOCKET, SO_REUSEADDR, true);
  set_flag(socket, SOL_SOCKET, SO_REUSEPORT, true);
  set_flag(found->socket, SOL_SOCKET, SO_REUSEPORT, true);
  const auto address = to_socket_address({.address = found->bound});
  const bool bound = ::bind(socket, address.get(), address.size) == 0;
  set_flag(found->socket, SOL_SOCKET, SO_REUSEPORT, false);
  return bound;
}

}  // namespace mexport::libp2p::tcp
