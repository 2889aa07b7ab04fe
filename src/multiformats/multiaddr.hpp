// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "multiformats/ip.hpp"
#include "multiformats/peer_id.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::multiformats {

/// The protocols that we know, by their codes (multiformats/multiaddr: protocols.csv; the set is
/// go-multiaddr's: protocols.go).
enum class Protocol : std::uint32_t {
  ip4 = 4,
  tcp = 6,
  dccp = 33,
  ip6 = 41,
  ip6zone = 42,
  ipcidr = 43,
  dns = 53,
  dns4 = 54,
  dns6 = 55,
  dnsaddr = 56,
  sctp = 132,
  udp = 273,
  p2p_webrtc_direct = 276,
  webrtc_direct = 280,
  webrtc = 281,
  p2p_circuit = 290,
  udt = 301,
  utp = 302,
  unix_path = 400,
  p2p = 421,
  https = 443,
  onion = 444,
  onion3 = 445,
  garlic64 = 446,
  garlic32 = 447,
  tls = 448,
  sni = 449,
  noise = 454,
  quic = 460,
  quic_v1 = 461,
  webtransport = 465,
  certhash = 466,
  ws = 477,
  wss = 478,
  http = 480,
  http_path = 481,
  memory = 777,
  plaintextv2 = 7367777,
};

/// Longest binary and longest text form that is looked at.
inline constexpr std::size_t kMaxMultiaddrSize = 4096;
inline constexpr std::size_t kMaxMultiaddrText = 8192;

/// Where a TCP socket listens or connects to.
struct TcpAddress {
  IpAddress ip;
  std::uint16_t port = 0;

  bool operator==(const TcpAddress&) const = default;
  auto operator<=>(const TcpAddress&) const = default;
};

/// A self-describing network address: valid components only, kept in binary. A default-made one
/// is empty. Addresses with unknown protocols cannot be parsed: keep their raw bytes instead.
class Multiaddr {
 public:
  /// One protocol and its value without length prefix; a view into the address.
  struct Component {
    Protocol protocol{};
    base::ByteView value;
    base::ByteView bytes;  ///< the whole component, code and length included

    /// The text of the value: "4001" for a tcp component, "" where a protocol has no value.
    std::string value_text() const;
  };

  /// Forward iteration over components.
  class Iterator {
   public:
    using value_type = Component;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    Iterator() = default;
    explicit Iterator(base::ByteView rest);
    const Component& operator*() const { return current_; }
    const Component* operator->() const { return &current_; }
    Iterator& operator++();
    Iterator operator++(int);
    bool operator==(const Iterator& other) const { return rest_.size() == other.rest_.size(); }

   private:
    base::ByteView rest_;  // from the current component on
    Component current_;
  };

  /// The components in order; views are valid as long as the address.
  class Components {
   public:
    explicit Components(base::ByteView bytes) : bytes_(bytes) {}
    Iterator begin() const { return Iterator(bytes_); }
    Iterator end() const { return Iterator(); }

   private:
    base::ByteView bytes_;
  };

  Multiaddr() = default;

  /// Errors: unknown_protocol, bad_component_value, too_long, bad_multiaddr (empty), truncated,
  /// varint_*.
  static base::Result<Multiaddr> from_bytes(base::ByteView bytes);
  /// As Go reads it; `/ipfs/` is `/p2p/`. Errors as from_bytes.
  static base::Result<Multiaddr> from_string(std::string_view text);
  /// `/ip4|ip6/…/tcp/N`; a v4-mapped address becomes ip4.
  static Multiaddr from_tcp(const TcpAddress& address);

  bool empty() const { return bytes_.empty(); }
  base::ByteView bytes() const { return bytes_; }
  /// Go's canonical text; "" for an empty address.
  std::string to_string() const;
  void append_text(std::string& out) const;

  Components components() const { return Components(bytes_); }
  bool has(Protocol protocol) const;
  /// The first component of that protocol.
  std::optional<Component> find(Protocol protocol) const;
  /// The address of the first component, when it is ip4 or ip6 (or ip6zone followed by ip6).
  std::optional<IpAddress> ip() const;

  /// Goes through a relay: has a p2p-circuit component.
  bool is_relayed() const { return has(Protocol::p2p_circuit); }
  /// The peer at the end: the value of the last component when it is p2p.
  std::optional<PeerId> peer_id() const;
  /// Without a last component that is p2p; otherwise itself.
  Multiaddr without_p2p() const;
  /// With `/p2p/<id>` at its end, in place of one that stands there.
  Multiaddr with_p2p(const PeerId& id) const;

  /// For exactly /ip4|ip6/…/tcp/N, maybe with /p2p/… behind; a v4-mapped address becomes IPv4.
  std::optional<TcpAddress> tcp_address() const;
  /// The names of all its protocols without their values, "/ip4/udp/quic-v1": a metrics label.
  std::string transport_prefix() const;

  bool operator==(const Multiaddr&) const = default;
  auto operator<=>(const Multiaddr&) const = default;

 private:
  explicit Multiaddr(base::Bytes bytes) : bytes_(std::move(bytes)) {}

  base::Bytes bytes_;
};

/// The name in text addresses: "quic-v1"; "" for a code that is none of Protocol.
std::string_view to_string(Protocol protocol);

}  // namespace mexport::multiformats

template <>
struct std::hash<mexport::multiformats::Multiaddr> {
  std::size_t operator()(const mexport::multiformats::Multiaddr& address) const {
    return std::hash<std::string_view>{}(mexport::base::as_text(address.bytes()));
  }
};
