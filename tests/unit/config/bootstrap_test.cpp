// SPDX-License-Identifier: MIT
#include "config/bootstrap.hpp"

#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

using test::warnings_of;
using testing::HasSubstr;

TEST(Bootstrap, BuiltInListIsWhatKuboFallsBackTo) {
  const auto peers = built_in_bootstrap_peers();
  EXPECT_EQ(peers.size(), 7U);
  for (const auto& peer : peers) EXPECT_TRUE(peer.peer_id()) << peer.to_string();
}

TEST(PeersToKeep, OfTheBuiltInListWhatNeedsNoNames) {
  Report report;
  const auto peers = peers_to_keep(default_config(), report);
  ASSERT_EQ(peers.size(), 1U);
  EXPECT_EQ(peers[0].id.to_string(), test::kOtherPeerId);
  ASSERT_EQ(peers[0].addresses.size(), 1U);
  EXPECT_EQ(peers[0].addresses[0].to_string(), "/ip4/104.131.131.82/tcp/4001");
  EXPECT_EQ(
      warnings_of(report),
      "Bootstrap: of the built-in list, 5 addresses wait for name resolution and 1 for QUIC\n");
}

TEST(PeersToKeep, JoinsEachPeersAddresses) {
  const std::string id = test::kOtherPeerId;
  auto config = test::parse_good(R"({"Bootstrap":["/ip4/1.2.3.4/tcp/1/p2p/)" + id + R"("],)" +
                                 R"("Peering":{"Peers":[{"ID":")" + id +
                                 R"(","Addrs":["/ip4/1.2.3.4/tcp/1","/ip6/::1/tcp/2"]}]}})");
  Report report;
  const auto peers = peers_to_keep(config, report);
  ASSERT_EQ(peers.size(), 1U);
  EXPECT_EQ(peers[0].addresses.size(), 2U);
  EXPECT_TRUE(report.notices.empty());
}

TEST(PeersToKeep, WarnsOfEachThatCannotBeDialled) {
  const std::string id = test::kOtherPeerId;
  auto config = test::parse_good(R"({"Bootstrap":["/dnsaddr/x.example/p2p/)" + id +
                                 R"(","/dns4/y.example/tcp/1/p2p/)" + id +
                                 R"(","/ip4/1.2.3.4/udp/1/quic-v1/p2p/)" + id +
                                 R"("],"Peering":{"Peers":[{"ID":")" + id + R"("}]}})");
  Report report;
  EXPECT_TRUE(peers_to_keep(config, report).empty());
  const auto warnings = warnings_of(report);
  EXPECT_EQ(std::ranges::count(warnings, '\n'), 4);
  EXPECT_THAT(warnings, HasSubstr("Bootstrap: /dnsaddr/x.example waits for name resolution"));
  EXPECT_THAT(warnings, HasSubstr("Bootstrap: /dns4/y.example/tcp/1 waits for name resolution"));
  EXPECT_THAT(warnings, HasSubstr("/ip4/1.2.3.4/udp/1/quic-v1 needs a transport"));
  EXPECT_THAT(warnings, HasSubstr("Peering.Peers: " + id + " has no address"));
}

TEST(PeersToKeep, LeavesOurselvesOut) {
  auto config = test::parse_good(test::identity_document());
  config.bootstrap = {
      false,
      {multiformats::Multiaddr::from_string(std::string("/ip4/1.2.3.4/tcp/1/p2p/") + test::kPeerId)
           .value()}};
  Report report;
  EXPECT_TRUE(peers_to_keep(config, report).empty());
  EXPECT_TRUE(report.notices.empty());
}

}  // namespace
}  // namespace mexport::config
