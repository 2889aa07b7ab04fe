// SPDX-License-Identifier: MIT
#include "libp2p/tcp/interfaces.hpp"

#include "libp2p/tcp/socket.hpp"

#include <algorithm>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace mexport::libp2p::tcp {
namespace {

using multiformats::IpAddress;
using multiformats::Multiaddr;

bool is_link_local(const IpAddress& ip) {
  return ip.v6 && ip.bytes[0] == 0xfe && (ip.bytes[1] & 0xc0) == 0x80;
}

base::Result<std::vector<IpAddress>> interface_addresses(bool v6) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return base::fail(last_error());
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  std::vector<IpAddress> addresses;
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    const int family = v6 ? AF_INET6 : AF_INET;
    if (item->ifa_addr == nullptr || item->ifa_addr->sa_family != family ||
        (item->ifa_flags & IFF_UP) == 0) {
      continue;
    }
    SocketAddress address;
    std::memcpy(&address.storage, item->ifa_addr, v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
    const auto ip = from_socket_address(address).ip;
    if (!is_link_local(ip)) addresses.push_back(ip);
  }
  return addresses;
}

}  // namespace

std::vector<Multiaddr> reachable_addresses(const Multiaddr& bound) {
  const auto endpoint = endpoint_of(bound);
  if (!endpoint || !endpoint->address.ip.is_unspecified()) return {bound};
  const auto found = interface_addresses(endpoint->address.ip.v6);
  if (!found) return {};
  std::vector<Multiaddr> addresses;
  for (const auto& ip : *found) {
    addresses.push_back(Multiaddr::from_tcp({.ip = ip, .port = endpoint->address.port}));
  }
  return addresses;
}

bool has_ipv6() {
  IpAddress any;
  any.v6 = true;
  const auto socket = open_socket(any);
  if (!socket) return socket.error() != std::errc::address_family_not_supported;
  const auto addresses = interface_addresses(true);
  return !addresses || !addresses->empty();
}

}  // namespace mexport::libp2p::tcp
