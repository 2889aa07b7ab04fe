// SPDX-License-Identifier: MIT
#include "multiformats/multiaddr.hpp"

#include "multiformats/error.hpp"
#include "multiformats/ip_range.hpp"
#include "tests/unit/multiformats/vectors.hpp"

#include <gtest/gtest.h>

namespace mexport::multiformats {
namespace {

using test::load_vectors;
using test::unhex;

const char* const kPeer = "12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8";

Multiaddr parse(std::string_view text) {
  const auto address = Multiaddr::from_string(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(Multiaddr());
}

void expect_as(const base::Result<Multiaddr>& address, const test::Vector& vector) {
  EXPECT_EQ(address.has_value(), !vector.refused()) << vector.input;
  if (!address || vector.refused()) return;
  EXPECT_EQ(base::to_hex(address->bytes()), vector.hex) << vector.input;
  EXPECT_EQ(address->to_string(), vector.text);
  EXPECT_EQ(is_public(*address), vector.note == "true") << vector.input;
}

TEST(MultiaddrVectors, TextAsGoReadsIt) {
  for (const auto& vector : load_vectors("multiaddr.tsv", "addr-text")) {
    expect_as(Multiaddr::from_string(vector.input), vector);
  }
}

TEST(MultiaddrVectors, BinaryAsGoReadsIt) {
  for (const auto& vector : load_vectors("multiaddr.tsv", "addr-bytes")) {
    expect_as(Multiaddr::from_bytes(unhex(vector.input)), vector);
  }
}

TEST(Multiaddr, ErrorsTellWhy) {
  EXPECT_EQ(Multiaddr::from_bytes({}).error(), Error::bad_multiaddr);
  EXPECT_EQ(Multiaddr::from_bytes(unhex("0401")).error(), Error::truncated);
  EXPECT_EQ(Multiaddr::from_bytes(unhex("05")).error(), Error::unknown_protocol);
  EXPECT_EQ(Multiaddr::from_bytes(unhex("e7d9c103")).error(), Error::unknown_protocol);
  EXPECT_EQ(Multiaddr::from_bytes(unhex("3500")).error(), Error::bad_component_value);
  EXPECT_EQ(Multiaddr::from_bytes(unhex("35808002")).error(), Error::too_long);
  EXPECT_EQ(Multiaddr::from_bytes(base::Bytes(kMaxMultiaddrSize + 1)).error(), Error::too_long);
  EXPECT_EQ(Multiaddr::from_string("ip4/1.2.3.4").error(), Error::bad_multiaddr);
  EXPECT_EQ(Multiaddr::from_string("/nope").error(), Error::unknown_protocol);
  EXPECT_EQ(Multiaddr::from_string("/tcp/x").error(), Error::bad_component_value);
  EXPECT_EQ(Multiaddr::from_string("/unix/" + std::string(kMaxMultiaddrSize, 'a')).error(),
            Error::too_long);
  EXPECT_EQ(Multiaddr::from_string(std::string(kMaxMultiaddrText + 1, '/')).error(),
            Error::too_long);
}

TEST(Multiaddr, Components) {
  const auto address = parse("/ip4/1.2.3.4/udp/4001/quic-v1");
  std::string text;
  for (const auto& component : address.components()) {
    text += std::string(to_string(component.protocol)) + "=" + component.value_text() + ";";
  }
  EXPECT_EQ(text, "ip4=1.2.3.4;udp=4001;quic-v1=;");
  EXPECT_EQ(address.transport_prefix(), "/ip4/udp/quic-v1");
  EXPECT_TRUE(address.has(Protocol::quic_v1));
  EXPECT_FALSE(address.has(Protocol::tcp));
  EXPECT_EQ(address.find(Protocol::udp)->value_text(), "4001");
  auto at = address.components().begin();
  EXPECT_EQ(at++->protocol, Protocol::ip4);
  EXPECT_EQ(at->protocol, Protocol::udp);
}

TEST(Multiaddr, PeerAtTheEnd) {
  const auto plain = parse("/ip4/1.2.3.4/tcp/4001");
  const auto id = PeerId::from_string(kPeer).value();
  EXPECT_FALSE(plain.peer_id());
  EXPECT_EQ(plain.without_p2p(), plain);
  const auto full = plain.with_p2p(id);
  EXPECT_EQ(full.to_string(), std::string("/ip4/1.2.3.4/tcp/4001/p2p/") + kPeer);
  EXPECT_EQ(full.peer_id(), id);
  EXPECT_EQ(full.without_p2p(), plain);
  EXPECT_EQ(full.with_p2p(PeerId::from_sha256(base::Bytes(32))).without_p2p(), plain);
}

TEST(Multiaddr, Relayed) {
  const auto address =
      parse("/ip4/1.2.3.4/tcp/4001/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ/p2p-circuit");
  EXPECT_TRUE(address.is_relayed());
  EXPECT_FALSE(address.peer_id());
  EXPECT_FALSE(address.tcp_address());
  EXPECT_EQ(address.transport_prefix(), "/ip4/tcp/p2p/p2p-circuit");
  EXPECT_FALSE(parse("/ip4/1.2.3.4/tcp/4001").is_relayed());
}

TEST(Multiaddr, TcpAddress) {
  const TcpAddress expected{IpAddress::ip4(1, 2, 3, 4), 4001};
  EXPECT_EQ(parse("/ip4/1.2.3.4/tcp/4001").tcp_address(), expected);
  EXPECT_EQ(parse("/ip6/::ffff:1.2.3.4/tcp/4001").tcp_address(), expected);
  EXPECT_EQ(parse(std::string("/ip4/1.2.3.4/tcp/4001/p2p/") + kPeer).tcp_address(), expected);
  const TcpAddress v6{parse_ip6("2001:db8::1").value(), 1};
  EXPECT_EQ(parse("/ip6/2001:db8::1/tcp/1").tcp_address(), v6);
  for (const auto* text : {"/ip4/1.2.3.4", "/ip4/1.2.3.4/udp/1", "/ip4/1.2.3.4/tcp/1/ws", "/tcp/1",
                           "/dns/a.b/tcp/1", "/ip6zone/x/ip6/fe80::1/tcp/1"}) {
    EXPECT_FALSE(parse(text).tcp_address()) << text;
  }
}

TEST(Multiaddr, FromTcp) {
  EXPECT_EQ(Multiaddr::from_tcp({IpAddress::ip4(9, 8, 7, 6), 65535}).to_string(),
            "/ip4/9.8.7.6/tcp/65535");
  EXPECT_EQ(Multiaddr::from_tcp({parse_ip6("::1").value(), 80}).to_string(), "/ip6/::1/tcp/80");
  EXPECT_EQ(Multiaddr::from_tcp({parse_ip6("::ffff:1.2.3.4").value(), 80}).to_string(),
            "/ip4/1.2.3.4/tcp/80");
}

TEST(Multiaddr, IpOfTheFirstComponent) {
  EXPECT_EQ(parse("/ip6zone/eth0/ip6/fe80::1/tcp/1").ip(), parse_ip6("fe80::1"));
  EXPECT_EQ(parse("/ip4/1.2.3.4/tcp/1").ip(), parse_ip4("1.2.3.4"));
  EXPECT_FALSE(parse("/dns/x/tcp/1").ip());
  EXPECT_FALSE(Multiaddr().ip());
}

TEST(Multiaddr, EmptyIsHarmless) {
  const Multiaddr none;
  EXPECT_EQ(none.to_string(), "");
  EXPECT_EQ(none.components().begin(), none.components().end());
  EXPECT_FALSE(none.peer_id());
  EXPECT_EQ(none.without_p2p(), none);
  EXPECT_FALSE(is_public(none));
}

}  // namespace
}  // namespace mexport::multiformats
