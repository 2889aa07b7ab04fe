// SPDX-License-Identifier: MIT
#include "monitor/address_redaction.hpp"

#include "multiformats/ip.hpp"
#include "multiformats/protocols.hpp"

#include <algorithm>
#include <optional>

namespace mexport::monitor {
namespace {

using multiformats::IpAddress;
using multiformats::Multiaddr;
using multiformats::Protocol;

constexpr int kPrefix4 = 24;
constexpr int kPrefix6 = 48;
constexpr int kPrefix6to4 = 16 + kPrefix4;

/// 2002::/16 holds an IPv4 address right behind (RFC 3056).
bool is_6to4(const IpAddress& address) {
  return address.v6 && address.bytes[0] == 0x20 && address.bytes[1] == 0x02;
}

int bits_shown(const IpAddress& address, AddressDetail detail) {
  if (detail == AddressDetail::none) return 0;
  if (!address.v6) return kPrefix4;
  return is_6to4(address) ? kPrefix6to4 : kPrefix6;
}

IpAddress first_bits(IpAddress address, int bits) {
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const int kept = std::clamp(bits - static_cast<int>(8 * i), 0, 8);
    address.bytes[i] &= static_cast<std::uint8_t>(0xff << (8 - kept));
  }
  return address;
}

std::string ip_text(base::ByteView value, bool v6, AddressDetail detail) {
  IpAddress address{.v6 = v6};
  std::ranges::copy(value, address.bytes.begin());
  return multiformats::to_string(first_bits(address, bits_shown(address, detail)));
}

std::optional<std::string> peer_text(base::ByteView value, const PeerNames& names) {
  const auto peer = multiformats::PeerId::from_bytes(value);
  if (!peer) return std::nullopt;
  return names.shown(*peer).to_string();
}

/// The value of a component below full; nullopt leaves it out.
std::optional<std::string> hidden_value(const Multiaddr::Component& component, AddressDetail detail,
                                        const PeerNames& names) {
  switch (component.protocol) {
    case Protocol::ip4:
      return ip_text(component.value, false, detail);
    case Protocol::ip6:
      return ip_text(component.value, true, detail);
    case Protocol::tcp:
    case Protocol::udp:
    case Protocol::dccp:
    case Protocol::sctp:
      return "0";
    case Protocol::dns:
    case Protocol::dns4:
    case Protocol::dns6:
    case Protocol::dnsaddr:
    case Protocol::sni:
      return std::string(kHiddenName);
    case Protocol::p2p:
      if (detail == AddressDetail::none) return std::nullopt;
      return peer_text(component.value, names);
    default:
      if (component.value.empty()) return std::string();
      return std::nullopt;
  }
}

/// The value of a component in full, but for the peer ids in it; nullopt leaves it out.
std::optional<std::string> value_with_names(const Multiaddr::Component& component,
                                            const PeerNames& names) {
  switch (component.protocol) {
    case Protocol::p2p:
      return peer_text(component.value, names);
    case Protocol::dns:
    case Protocol::dns4:
    case Protocol::dns6:
    case Protocol::dnsaddr:
    case Protocol::sni:
      return names.shown_in_name(base::as_text(component.value));
    case Protocol::unix_path:
    case Protocol::http_path:
      return std::nullopt;
    default:
      return component.value_text();
  }
}

}  // namespace

std::string_view to_string(AddressDetail detail) {
  switch (detail) {
    case AddressDetail::full:
      return "full";
    case AddressDetail::prefix:
      return "prefix";
    case AddressDetail::none:
      break;
  }
  return "none";
}

std::string redacted(const Multiaddr& address, AddressDetail detail, const PeerNames& names) {
  if (detail == AddressDetail::full && !names.keyed()) return address.to_string();
  std::string out;
  for (const auto& component : address.components()) {
    const auto value = detail == AddressDetail::full ? value_with_names(component, names)
                                                     : hidden_value(component, detail, names);
    if (!value) continue;
    out.append("/").append(to_string(component.protocol));
    if (!value->empty()) out.append("/").append(*value);
  }
  return out.empty() ? std::string(kUnknownAddress) : out;
}

}  // namespace mexport::monitor
