// SPDX-License-Identifier: MIT
#include "monitor/census.hpp"

#include "libp2p/peer_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::node {
namespace {

using monitor::Census;
using testing::Pair;
using testing::UnorderedElementsAre;
using Texts = std::vector<std::string>;

monitor::PeerCensus count(const libp2p::PeerDirectory& directory) {
  Census census;
  directory.visit([&](const libp2p::PeerSnapshot& seen) {
    census.add({seen.agent_version, seen.protocols, seen.addresses, seen.connections});
  });
  return census.result();
}

TEST(Census, NamesTransports) {
  EXPECT_EQ(monitor::transport_of("/ip4/192.0.2.1/tcp/4001"), "/ip4/tcp");
  EXPECT_EQ(monitor::transport_of("/ip6/2001:db8::1/udp/4001/quic-v1"), "/ip6/udp/quic-v1");
  EXPECT_EQ(monitor::transport_of(""), "");
}

TEST(Census, CountsEachPeerOnce) {
  libp2p::PeerDirectory directory;
  const auto peer = [](std::uint8_t n) {
    return multiformats::PeerId::from_sha256(base::Bytes(32, n));
  };
  auto first = directory.open(peer(1), 1, "/ip4/192.0.2.1/tcp/1");
  auto again = directory.open(peer(1), 2, "/ip6/2001:db8::1/tcp/1");
  auto second = directory.open(peer(2), 3, "/ip4/192.0.2.2/tcp/1");
  auto silent = directory.open(peer(3), 4, "/ip4/192.0.2.3/tcp/1");
  first.set_agent_version("kubo/1");
  second.set_agent_version("kubo/1");
  first.set_protocols(std::make_shared<const Texts>(Texts{"/a", "/a", "/b"}));
  second.set_protocols(std::make_shared<const Texts>(Texts{"/a"}));

  const auto result = count(directory);
  EXPECT_EQ(result.peers, 3U);
  EXPECT_THAT(result.agent_versions, UnorderedElementsAre(Pair("kubo/1", 2), Pair("N/A", 1)));
  EXPECT_THAT(result.protocols, UnorderedElementsAre(Pair("/a", 2), Pair("/b", 1)));
  EXPECT_THAT(result.transports, UnorderedElementsAre(Pair("/ip4/tcp", 3), Pair("/ip6/tcp", 1)));
}

TEST(Census, CountsConnectionsThatAreNotListed) {
  libp2p::PeerDirectory directory;
  const auto peer = multiformats::PeerId::from_sha256(base::Bytes(32, 1));
  std::vector<libp2p::PeerDirectory::Handle> handles;
  for (std::size_t i = 0; i < libp2p::kMaxListedAddresses + 3; ++i) {
    handles.push_back(directory.open(peer, i, "/ip4/192.0.2.1/tcp/1"));
  }
  EXPECT_THAT(count(directory).transports,
              UnorderedElementsAre(Pair("/ip4/tcp", libp2p::kMaxListedAddresses + 3)));
}

}  // namespace
}  // namespace mexport::node
