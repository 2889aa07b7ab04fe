// SPDX-License-Identifier: MIT
#include "multiformats/multiaddr.hpp"

#include "multiformats/decimal.hpp"
#include "multiformats/error.hpp"
#include "multiformats/protocol_value.hpp"
#include "multiformats/protocols.hpp"
#include "multiformats/uvarint.hpp"

#include <algorithm>
#include <span>

namespace mexport::multiformats {
namespace {

using Component = Multiaddr::Component;

/// How far a component's value is from its begin, and how long it is.
struct Extent {
  std::size_t begin = 0;
  std::size_t size = 0;
};

base::Result<Extent> value_extent(const ProtocolInfo& info, std::size_t code_size,
                                  base::ByteView bytes) {
  Extent extent{code_size, info.size};
  if (info.variable()) {
    const auto length = decode_uvarint(bytes.subspan(code_size));
    if (!length) return base::fail(length.error());
    if (length->value == 0) return base::fail(Error::bad_component_value);
    if (length->value > kMaxMultiaddrSize) return base::fail(Error::too_long);
    extent = {code_size + length->size, static_cast<std::size_t>(length->value)};
  }
  if (bytes.size() - extent.begin < extent.size) return base::fail(Error::truncated);
  return extent;
}

/// The component that `bytes` begins with; its value is not looked into.
base::Result<Component> split_component(base::ByteView bytes) {
  const auto code = decode_uvarint(bytes);
  if (!code) return base::fail(code.error());
  const ProtocolInfo* info = find_protocol(code->value);
  if (info == nullptr) return base::fail(Error::unknown_protocol);
  const auto extent = value_extent(*info, code->size, bytes);
  if (!extent) return base::fail(extent.error());
  return Component{info->protocol, bytes.subspan(extent->begin, extent->size),
                   bytes.first(extent->begin + extent->size)};
}

bool ends_address(Protocol protocol) {
  return find_protocol(static_cast<std::uint64_t>(protocol))->ends_address;
}

void append_component(base::Bytes& out, const ProtocolInfo& info, base::ByteView value) {
  append_uvarint(out, static_cast<std::uint64_t>(info.protocol));
  if (info.variable()) append_uvarint(out, value.size());
  base::append(out, value);
}

void append_component(base::Bytes& out, Protocol protocol, base::ByteView value) {
  append_component(out, *find_protocol(static_cast<std::uint64_t>(protocol)), value);
}

/// Takes what stands before the next slash, and the slash, off the front.
std::string_view take_part(std::string_view& rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view part = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  return part;
}

/// `rest` is what follows a protocol's name; the slash between them, if any, is gone already.
bool take_value(const ProtocolInfo& info, std::string_view& rest, base::Bytes& value) {
  if (!info.ends_address) return parse_value(info.protocol, take_part(rest), value);
  const std::string path = "/" + std::string(rest);
  rest = {};
  return parse_value(info.protocol, path, value);
}

base::Status append_text_component(std::string_view& rest, base::Bytes& out) {
  const ProtocolInfo* info = find_protocol(take_part(rest));
  if (info == nullptr) return base::fail(Error::unknown_protocol);
  base::Bytes value;
  if (info->has_value() && !take_value(*info, rest, value)) {
    return base::fail(Error::bad_component_value);
  }
  append_component(out, *info, value);
  return {};
}

IpAddress component_ip(const Component& component) {
  IpAddress address{.v6 = component.protocol == Protocol::ip6};
  std::ranges::copy(component.value, address.bytes.begin());
  return address;
}

bool is_ip(Protocol protocol) {
  return protocol == Protocol::ip4 || protocol == Protocol::ip6;
}

/// The last component; nullopt for an empty address.
std::optional<Component> last_component(const Multiaddr& address) {
  std::optional<Component> last;
  for (const auto& component : address.components()) last = component;
  return last;
}

}  // namespace

std::string Multiaddr::Component::value_text() const {
  std::string out;
  append_value_text(protocol, value, out);
  return out;
}

Multiaddr::Iterator::Iterator(base::ByteView rest) : rest_(rest) {
  if (!rest_.empty()) current_ = split_component(rest_).value_or(Component{});
}

Multiaddr::Iterator& Multiaddr::Iterator::operator++() {
  *this = Iterator(rest_.subspan(current_.bytes.size()));
  return *this;
}

Multiaddr::Iterator Multiaddr::Iterator::operator++(int) {
  const Iterator before = *this;
  ++*this;
  return before;
}

base::Result<Multiaddr> Multiaddr::from_bytes(base::ByteView bytes) {
  if (bytes.empty()) return base::fail(Error::bad_multiaddr);
  if (bytes.size() > kMaxMultiaddrSize) return base::fail(Error::too_long);
  for (base::ByteView rest = bytes; !rest.empty();) {
    const auto component = split_component(rest);
    if (!component) return base::fail(component.error());
    if (!valid_value(component->protocol, component->value)) {
      return base::fail(Error::bad_component_value);
    }
    rest = rest.subspan(component->bytes.size());
    if (ends_address(component->protocol) && !rest.empty()) {
      return base::fail(Error::bad_multiaddr);
    }
  }
  return Multiaddr(base::to_bytes(bytes));
}

base::Result<Multiaddr> Multiaddr::from_string(std::string_view text) {
  if (text.size() > kMaxMultiaddrText) return base::fail(Error::too_long);
  if (!text.starts_with('/')) return base::fail(Error::bad_multiaddr);
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.empty()) return base::fail(Error::bad_multiaddr);
  text.remove_prefix(1);

  base::Bytes bytes;
  while (!text.empty()) {
    const auto added = append_text_component(text, bytes);
    if (!added) return base::fail(added.error());
  }
  if (bytes.size() > kMaxMultiaddrSize) return base::fail(Error::too_long);
  return Multiaddr(std::move(bytes));
}

Multiaddr Multiaddr::from_tcp(const TcpAddress& address) {
  const IpAddress ip = address.ip.unmapped();
  const auto size = static_cast<std::size_t>(ip.bits() / 8);
  base::Bytes port;
  append_big_endian(address.port, port);
  base::Bytes bytes;
  append_component(bytes, ip.v6 ? Protocol::ip6 : Protocol::ip4, std::span(ip.bytes).first(size));
  append_component(bytes, Protocol::tcp, port);
  return Multiaddr(std::move(bytes));
}

std::string Multiaddr::to_string() const {
  std::string out;
  append_text(out);
  return out;
}

void Multiaddr::append_text(std::string& out) const {
  for (const auto& component : components()) {
    out += '/';
    out += multiformats::to_string(component.protocol);
    if (component.value.empty()) continue;
    if (!ends_address(component.protocol)) out += '/';  // a path brings its own
    append_value_text(component.protocol, component.value, out);
  }
}

bool Multiaddr::has(Protocol protocol) const {
  return find(protocol).has_value();
}

std::optional<Multiaddr::Component> Multiaddr::find(Protocol protocol) const {
  for (const auto& component : components()) {
    if (component.protocol == protocol) return component;
  }
  return std::nullopt;
}

std::optional<IpAddress> Multiaddr::ip() const {
  for (const auto& component : components()) {
    if (component.protocol == Protocol::ip6zone) continue;
    if (!is_ip(component.protocol)) break;
    return component_ip(component);
  }
  return std::nullopt;
}

std::optional<PeerId> Multiaddr::peer_id() const {
  const auto last = last_component(*this);
  if (!last || last->protocol != Protocol::p2p) return std::nullopt;
  const auto id = PeerId::from_bytes(last->value);
  if (!id) return std::nullopt;
  return *id;
}

Multiaddr Multiaddr::without_p2p() const {
  const auto last = last_component(*this);
  if (!last || last->protocol != Protocol::p2p) return *this;
  return Multiaddr(base::to_bytes(bytes().first(bytes_.size() - last->bytes.size())));
}

Multiaddr Multiaddr::with_p2p(const PeerId& id) const {
  Multiaddr address = without_p2p();
  append_component(address.bytes_, Protocol::p2p, id.bytes());
  return address;
}

std::optional<TcpAddress> Multiaddr::tcp_address() const {
  auto at = components().begin();
  const auto end = components().end();
  if (at == end || !is_ip(at->protocol)) return std::nullopt;
  TcpAddress address{.ip = component_ip(*at).unmapped()};
  ++at;
  if (at == end || at->protocol != Protocol::tcp) return std::nullopt;
  address.port = read_big_endian<std::uint16_t>(at->value);
  ++at;
  if (at != end && at->protocol == Protocol::p2p) ++at;
  if (at != end) return std::nullopt;
  return address;
}

std::string Multiaddr::transport_prefix() const {
  std::string out;
  for (const auto& component : components()) {
    out += '/';
    out += multiformats::to_string(component.protocol);
  }
  return out;
}

}  // namespace mexport::multiformats
