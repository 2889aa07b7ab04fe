// SPDX-License-Identifier: MIT
#include "monitor/address_redaction.hpp"

#include "tests/unit/monitor/privacy_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::monitor {
namespace {

using testing::address;
using testing::key;
using testing::kKeyedRelay;
using testing::kRelay;

std::string with(AddressDetail detail, const std::string& text, const PeerNames& names = {}) {
  return redacted(address(text), detail, names);
}
std::string relayed(const std::string& relay) {
  return "/ip4/203.0.113.7/tcp/4001/p2p/" + relay + "/p2p-circuit";
}

struct Case {
  std::string full;
  std::string prefix;
  std::string none;
};

std::vector<Case> cases() {
  const std::string certhash = "/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ";
  return {
      {"/ip4/203.0.113.7/tcp/33292", "/ip4/203.0.113.0/tcp/0", "/ip4/0.0.0.0/tcp/0"},
      {"/ip6/2001:db8:1:2:3:4:5:6/udp/4001/quic-v1", "/ip6/2001:db8:1::/udp/0/quic-v1",
       "/ip6/::/udp/0/quic-v1"},
      {"/ip4/203.0.113.7/udp/4001/quic-v1/webtransport" + certhash,
       "/ip4/203.0.113.0/udp/0/quic-v1/webtransport", "/ip4/0.0.0.0/udp/0/quic-v1/webtransport"},
      {relayed(kRelay), "/ip4/203.0.113.0/tcp/0/p2p/" + std::string(kRelay) + "/p2p-circuit",
       "/ip4/0.0.0.0/tcp/0/p2p-circuit"},
      {"/dns4/monitor.example.org/tcp/443/tls/sni/monitor.example.org/ws",
       "/dns4/hidden.invalid/tcp/0/tls/sni/hidden.invalid/ws",
       "/dns4/hidden.invalid/tcp/0/tls/sni/hidden.invalid/ws"},
      {"/dnsaddr/bootstrap.example.org", "/dnsaddr/hidden.invalid", "/dnsaddr/hidden.invalid"},
      // The IPv4 address within, and nothing of an interface.
      {"/ip6/2002:cb00:7107:1::1/tcp/1", "/ip6/2002:cb00:7100::/tcp/0", "/ip6/::/tcp/0"},
      {"/ip6/::ffff:203.0.113.7/tcp/1", "/ip6/::/tcp/0", "/ip6/::/tcp/0"},
      {"/ip6/2001:0:cb00:7107:1:2:3:4/tcp/1", "/ip6/2001:0:cb00::/tcp/0", "/ip6/::/tcp/0"},
      {"/ip6zone/eth0/ip6/fe80::1/tcp/1", "/ip6/fe80::/tcp/0", "/ip6/::/tcp/0"},
      {"/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234",
       "unknown:", "unknown:"},
      {"/unix/tmp/s", "unknown:", "unknown:"},
      {"/memory/7", "unknown:", "unknown:"},
  };
}

TEST(AddressRedaction, EachDetail) {
  for (const auto& [full, prefix, none] : cases()) {
    EXPECT_EQ(with(AddressDetail::full, full), full);
    EXPECT_EQ(with(AddressDetail::prefix, full), prefix);
    EXPECT_EQ(with(AddressDetail::none, full), none);
  }
}

TEST(AddressRedaction, WhatIsShownParses) {
  for (const auto& [full, prefix, none] : cases()) {
    for (const auto& text : {prefix, none}) {
      if (text == kUnknownAddress) continue;
      EXPECT_EQ(address(text).to_string(), text);
    }
  }
}

TEST(AddressRedaction, KeysPeersInEveryDetail) {
  const PeerNames names(key(0));
  EXPECT_EQ(with(AddressDetail::full, relayed(kRelay), names), relayed(kKeyedRelay));
  EXPECT_EQ(with(AddressDetail::prefix, relayed(kRelay), names),
            "/ip4/203.0.113.0/tcp/0/p2p/" + std::string(kKeyedRelay) + "/p2p-circuit");
  EXPECT_EQ(with(AddressDetail::none, relayed(kRelay), names), "/ip4/0.0.0.0/tcp/0/p2p-circuit");
}

TEST(AddressRedaction, KeysPeersInNamesAndLeavesPathsOut) {
  const PeerNames names(key(0));
  const std::string label = "k2k4r8nt6ygm063ccerz6oiefak0fx4hb7lah61nx4gpmkt5rtrqcet9";
  const std::string keyed = "k2k4r8nu8gwm7g3wword1v6buiobe8qabonn4mfgrwg8la16zzn4v4l3";
  EXPECT_EQ(with(AddressDetail::full, "/dns4/" + label + ".libp2p.direct/tcp/4001", names),
            "/dns4/" + keyed + ".libp2p.direct/tcp/4001");
  EXPECT_EQ(with(AddressDetail::full, "/ip4/203.0.113.7/tcp/1/http/http-path/a", names),
            "/ip4/203.0.113.7/tcp/1/http");
  EXPECT_EQ(with(AddressDetail::full, "/unix/tmp/s", names), "unknown:");
}

}  // namespace
}  // namespace mexport::monitor
