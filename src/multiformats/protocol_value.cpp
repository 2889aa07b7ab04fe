// SPDX-License-Identifier: MIT
#include "multiformats/protocol_value.hpp"

#include "multiformats/decimal.hpp"
#include "multiformats/ip.hpp"
#include "multiformats/multibase.hpp"
#include "multiformats/multihash.hpp"
#include "multiformats/overlay_host.hpp"
#include "multiformats/peer_id.hpp"
#include "multiformats/url_escape.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mexport::multiformats {
namespace {

bool assign_ip(const std::optional<IpAddress>& address, base::Bytes& value) {
  if (!address) return false;
  value.assign(address->bytes.begin(), address->bytes.begin() + address->bits() / 8);
  return true;
}

IpAddress to_ip(base::ByteView value, bool v6) {
  IpAddress address{.v6 = v6};
  std::ranges::copy(value, address.bytes.begin());
  return address;
}

template <class T>
bool parse_number(std::string_view text, base::Bytes& value) {
  const auto number = parse_decimal<T>(text);
  if (!number) return false;
  append_big_endian(*number, value);
  return true;
}

bool parse_name(std::string_view text, base::Bytes& value) {
  base::append(value, base::as_bytes(text));
  return true;
}

bool parse_peer(std::string_view text, base::Bytes& value) {
  const auto id = PeerId::from_string(text);
  if (!id) return false;
  base::append(value, id->bytes());
  return true;
}

bool parse_certhash(std::string_view text, base::Bytes& value) {
  auto bytes = decode_multibase(text);
  if (!bytes) return false;
  value = std::move(*bytes);
  return true;
}

bool valid_name(base::ByteView value) {
  return !value.empty() && !base::as_text(value).contains('/');
}

/// Text addresses drop slashes at their end, so a path cannot have one there.
bool valid_path(base::ByteView value) {
  const auto path = base::as_text(value);
  return path.size() >= 2 && path.starts_with('/') && !path.ends_with('/');
}

bool parse_text(Protocol protocol, std::string_view text, base::Bytes& value) {
  switch (protocol) {
    case Protocol::ip4:
      return assign_ip(parse_ip4(text), value);
    case Protocol::ip6:
      return assign_ip(parse_ip6(text), value);
    case Protocol::ipcidr:
      return parse_number<std::uint8_t>(text, value);
    case Protocol::tcp:
    case Protocol::udp:
    case Protocol::dccp:
    case Protocol::sctp:
      return parse_number<std::uint16_t>(text, value);
    case Protocol::memory:
      return parse_number<std::uint64_t>(text, value);
    case Protocol::p2p:
      return parse_peer(text, value);
    case Protocol::certhash:
      return parse_certhash(text, value);
    case Protocol::onion:
      return parse_onion(text, kOnionHostSize, value);
    case Protocol::onion3:
      return parse_onion(text, kOnion3HostSize, value);
    case Protocol::garlic64:
      return parse_garlic64(text, value);
    case Protocol::garlic32:
      return parse_garlic32(text, value);
    case Protocol::http_path:
      return url_unescape(text, value);
    default:
      return parse_name(text, value);
  }
}

}  // namespace

bool valid_value(Protocol protocol, base::ByteView value) {
  switch (protocol) {
    case Protocol::ip6zone:
    case Protocol::dns:
    case Protocol::dns4:
    case Protocol::dns6:
    case Protocol::dnsaddr:
    case Protocol::sni:
      return valid_name(value);
    case Protocol::unix_path:
      return valid_path(value);
    case Protocol::p2p:
      return PeerId::from_bytes(value).has_value();
    case Protocol::certhash:
      return parse_multihash(value).has_value();
    case Protocol::onion:
    case Protocol::onion3:
      return valid_onion(value);
    case Protocol::garlic64:
      return valid_garlic64(value);
    case Protocol::garlic32:
      return valid_garlic32(value);
    case Protocol::http_path:
      return !value.empty();
    default:
      return true;
  }
}

bool parse_value(Protocol protocol, std::string_view text, base::Bytes& value) {
  value.clear();
  return parse_text(protocol, text, value) && valid_value(protocol, value);
}

void append_value_text(Protocol protocol, base::ByteView value, std::string& out) {
  switch (protocol) {
    case Protocol::ip4:
    case Protocol::ip6:
      out += to_string(to_ip(value, protocol == Protocol::ip6));
      break;
    case Protocol::ipcidr:
    case Protocol::tcp:
    case Protocol::udp:
    case Protocol::dccp:
    case Protocol::sctp:
    case Protocol::memory:
      out += std::to_string(read_big_endian<std::uint64_t>(value));
      break;
    case Protocol::p2p:
      append_base58(out, value);
      break;
    case Protocol::certhash:
      out += encode_multibase(Multibase::base64url, value);
      break;
    case Protocol::onion:
    case Protocol::onion3:
      append_onion(value, out);
      break;
    case Protocol::garlic64:
      append_garlic64(value, out);
      break;
    case Protocol::garlic32:
      append_garlic32(value, out);
      break;
    case Protocol::http_path:
      url_escape(value, out);
      break;
    default:
      out += base::as_text(value);
  }
}

}  // namespace mexport::multiformats
