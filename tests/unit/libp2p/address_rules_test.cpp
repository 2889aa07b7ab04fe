// SPDX-License-Identifier: MIT
#include "libp2p/address_rules.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::libp2p {
namespace {

using multiformats::IpRange;
using multiformats::Multiaddr;

Multiaddr addr(std::string_view text) {
  return Multiaddr::from_string(text).value();
}
AddressRules rules(NetworkKind kind, std::vector<Multiaddr> listeners,
                   std::vector<IpRange> filters = {}) {
  return make_address_rules(kind, listeners, std::move(filters));
}

TEST(AddressRules, PublicNetworkKeepsToPublicAddresses) {
  const auto r = rules(NetworkKind::automatic, {addr("/ip4/0.0.0.0/tcp/4001")});
  EXPECT_TRUE(r.allows(addr("/ip4/1.2.3.4/tcp/4001")));
  EXPECT_TRUE(r.allows(addr("/ip6/2600::1/tcp/4001")));
  EXPECT_TRUE(r.allows(addr("/dns4/example.org/tcp/4001")));
  for (const auto* text : {"/ip4/10.0.0.1/tcp/1", "/ip4/127.0.0.1/tcp/1", "/ip4/192.168.1.1/tcp/1",
                           "/ip4/100.64.0.1/tcp/1", "/ip4/169.254.1.1/tcp/1", "/ip6/fc00::1/tcp/1",
                           "/ip6/fe80::1/tcp/1", "/ip4/0.0.0.0/tcp/1", "/dns4/localhost/tcp/1"}) {
    EXPECT_FALSE(r.allows(addr(text))) << text;
  }
}

TEST(AddressRules, PrivateListenersOrConfigurationAllowPrivateAddresses) {
  const auto home = addr("/ip4/192.168.1.7/tcp/4001");
  EXPECT_TRUE(rules(NetworkKind::automatic, {addr("/ip4/127.0.0.1/tcp/0")}).allows(home));
  EXPECT_TRUE(rules(NetworkKind::private_network, {addr("/ip4/0.0.0.0/tcp/0")}).allows(home));
  EXPECT_FALSE(rules(NetworkKind::public_network, {addr("/ip4/127.0.0.1/tcp/0")}).allows(home));
}

TEST(AddressRules, FiltersHoldEverywhere) {
  const auto r = rules(NetworkKind::private_network, {},
                       {IpRange::from_string("/ip4/1.2.0.0/ipcidr/16").value()});
  EXPECT_FALSE(r.allows(addr("/ip4/1.2.3.4/tcp/1")));
  EXPECT_FALSE(r.accepts(addr("/ip4/1.2.3.4/tcp/1")));
  EXPECT_TRUE(r.accepts(addr("/ip4/1.3.3.4/tcp/1")));
  EXPECT_TRUE(r.allows(addr("/ip4/10.0.0.1/tcp/1")));
}

TEST(AddressRules, AnyoneMayComeFromAPrivateAddress) {
  EXPECT_TRUE(rules(NetworkKind::public_network, {}).accepts(addr("/ip4/10.0.0.1/tcp/1")));
}

TEST(AnnouncedAddresses, AreTheListenersThatTheRulesAllowEachOnce) {
  const auto r = rules(NetworkKind::public_network, {});
  const std::vector<Multiaddr> listeners{addr("/ip4/127.0.0.1/tcp/1"), addr("/ip4/1.2.3.4/tcp/1"),
                                         addr("/ip4/1.2.3.4/tcp/1")};
  EXPECT_EQ(announced_addresses({}, r, listeners),
            std::vector<Multiaddr>{addr("/ip4/1.2.3.4/tcp/1")});
}

TEST(AnnouncedAddresses, FollowTheOperator) {
  const auto r = rules(NetworkKind::public_network, {});
  const std::vector<Multiaddr> listeners{addr("/ip4/1.2.3.4/tcp/1"), addr("/ip4/1.2.3.5/tcp/1"),
                                         addr("/ip4/9.9.9.9/tcp/1")};
  AnnounceOptions options;
  options.append = {addr("/dns4/example.org/tcp/4001")};
  options.no_announce = {addr("/ip4/1.2.3.5/tcp/1")};
  options.no_announce_ranges = {IpRange::from_string("/ip4/9.0.0.0/ipcidr/8").value()};
  EXPECT_EQ(
      announced_addresses(options, r, listeners),
      (std::vector<Multiaddr>{addr("/ip4/1.2.3.4/tcp/1"), addr("/dns4/example.org/tcp/4001")}));

  options.announce = {addr("/ip4/8.8.8.8/tcp/4001")};
  EXPECT_EQ(
      announced_addresses(options, r, listeners),
      (std::vector<Multiaddr>{addr("/ip4/8.8.8.8/tcp/4001"), addr("/dns4/example.org/tcp/4001")}));
}

}  // namespace
}  // namespace mexport::libp2p
