// SPDX-License-Identifier: MIT
#include "monitor/privacy.hpp"

#include "tests/unit/monitor/privacy_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::monitor {
namespace {

using testing::address;
using testing::key;
using testing::kPeer;
using testing::kRelay;
using testing::peer;
using Texts = std::vector<std::string>;

multiformats::IpRange subnet(std::string_view text) {
  return multiformats::IpRange::from_cidr(text).value();
}

TEST(Privacy, ByDefaultEverythingAsItIs) {
  const Privacy privacy;
  EXPECT_FALSE(privacy.changes_addresses());
  EXPECT_FALSE(privacy.excludes(peer(kPeer), address("/ip4/203.0.113.7/tcp/1")));
  EXPECT_EQ(privacy.shown_text("unknown:ff"), "unknown:ff");
  EXPECT_EQ(privacy.shown_set({"/ip4/203.0.113.7/tcp/1", "unknown:ff"}),
            (Texts{"/ip4/203.0.113.7/tcp/1", "unknown:ff"}));
}

TEST(Privacy, ExcludesPeersAndSubnets) {
  const Privacy privacy(
      {.excluded_peers = {peer(kPeer)}, .excluded_subnets = {subnet("203.0.113.0/24")}});
  EXPECT_TRUE(privacy.excludes(peer(kPeer), address("/ip4/198.51.100.1/tcp/1")));
  EXPECT_TRUE(privacy.excludes(peer(kRelay), address("/ip4/203.0.113.9/tcp/1")));
  EXPECT_TRUE(privacy.excludes(peer(kRelay), address("/ip6/::ffff:203.0.113.9/tcp/1")));
  EXPECT_FALSE(privacy.excludes(peer(kRelay), address("/ip4/198.51.100.1/tcp/1")));
}

TEST(Privacy, AddressesOverWhatIsExcludedAreLeftOut) {
  const Privacy privacy(
      {.excluded_peers = {peer(kRelay)}, .excluded_subnets = {subnet("203.0.113.0/24")}});
  const std::string kept = "/ip4/198.51.100.1/tcp/1";
  EXPECT_EQ(privacy.shown_texts({"/ip4/203.0.113.9/tcp/1", kept, "unknown:ff",
                                 kept + "/p2p/" + kRelay + "/p2p-circuit"}),
            (Texts{kept, "unknown:ff"}));
  EXPECT_EQ(privacy.shown_text("/ip4/203.0.113.9/tcp/1"), kUnknownAddress);
}

TEST(Privacy, ListsKeepTheirLengthAndSetsDoNot) {
  const Privacy privacy({.addresses = AddressDetail::none});
  const Texts seen{"/ip4/203.0.113.7/tcp/1", "/ip4/203.0.113.8/tcp/2", "unknown:ff"};
  EXPECT_EQ(privacy.shown_texts(seen),
            (Texts{"/ip4/0.0.0.0/tcp/0", "/ip4/0.0.0.0/tcp/0", "unknown:"}));
  EXPECT_EQ(privacy.shown_set(seen), (Texts{"/ip4/0.0.0.0/tcp/0", "unknown:"}));
}

TEST(Privacy, TellsOfItself) {
  const Privacy privacy({.addresses = AddressDetail::prefix,
                         .peer_key = key(0),
                         .excluded_peers = {peer(kPeer), peer(kPeer)},
                         .excluded_subnets = {subnet("::/0"), subnet("0.0.0.0/0")}});
  const auto info = privacy.info();
  EXPECT_EQ(info.addresses, AddressDetail::prefix);
  EXPECT_TRUE(info.keyed_peers);
  EXPECT_EQ(info.key_id, "dfb2d68eee7b8e64");
  EXPECT_EQ(info.excluded_peers, 1U);
  EXPECT_EQ(info.excluded_subnets, 2U);
}

}  // namespace
}  // namespace mexport::monitor
