// SPDX-License-Identifier: MIT
#include "node/listed_peers.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mexport::node {
namespace {

using multiformats::PeerId;

class ListedPeersTest : public testing::Test {
 protected:
  static PeerId peer(std::uint8_t n) { return PeerId::from_sha256(base::Bytes(32, n)); }
  void open(std::uint8_t n, std::uint64_t id, const std::string& address) {
    handles.push_back(directory.open(peer(n), id, address));
    details.push_back({.id = id,
                       .opened_at = {},
                       .transport = "tcp",
                       .security = "noise",
                       .latency = std::chrono::nanoseconds(id),
                       .streams = 3,
                       .direction = libp2p::Direction::outbound});
  }
  std::size_t count() const {
    const auto privacy = std::make_shared<const monitor::Privacy>();
    return ListedPeers(directory, privacy, details).connections();
  }
  std::map<PeerId, monitor::PeerView> all(const monitor::Privacy& privacy = {}) {
    ListedPeers cursor(directory, std::make_shared<const monitor::Privacy>(privacy), details);
    std::map<PeerId, monitor::PeerView> found;
    std::vector<monitor::PeerView> piece;
    while (cursor.next(piece)) {
      for (auto& view : piece) EXPECT_TRUE(found.emplace(view.peer, view).second);
    }
    EXPECT_TRUE(piece.empty());
    return found;
  }

  libp2p::PeerDirectory directory;
  std::vector<libp2p::PeerDirectory::Handle> handles;
  std::vector<ConnectionDetail> details;
};

TEST_F(ListedPeersTest, MergesAPeersConnections) {
  open(1, 9, "/ip4/192.0.2.1/tcp/1");
  open(2, 5, "/ip4/192.0.2.2/tcp/1");
  open(1, 7, "/ip6/2001:db8::1/tcp/1");
  details.push_back(details.front());  // found twice
  handles[0].set_agent_version("kubo/1");
  EXPECT_EQ(count(), 3U);
  const auto found = all();
  ASSERT_EQ(found.size(), 2U);
  const auto& first = found.at(peer(1));
  ASSERT_EQ(first.connections.size(), 2U);
  EXPECT_EQ(first.connections[0].address, "/ip4/192.0.2.1/tcp/1");
  EXPECT_EQ(first.connections[1].address, "/ip6/2001:db8::1/tcp/1");
  EXPECT_EQ(first.connections[0].direction, monitor::Direction::outbound);
  EXPECT_EQ(first.connections[0].streams, 3U);
  EXPECT_EQ(first.connections[0].security, "noise");
  EXPECT_EQ(first.latency, std::chrono::nanoseconds(9));
  ASSERT_NE(first.agent_version, nullptr);
  EXPECT_EQ(*first.agent_version, "kubo/1");
  EXPECT_EQ(found.at(peer(2)).agent_version, nullptr);
  EXPECT_EQ(found.at(peer(2)).protocols, nullptr);
}

TEST_F(ListedPeersTest, LeavesOutWhatCameOrWentMeanwhile) {
  open(1, 1, "/ip4/192.0.2.1/tcp/1");
  open(1, 2, "/ip4/192.0.2.1/tcp/2");
  open(2, 3, "/ip4/192.0.2.2/tcp/1");
  open(3, 4, "/ip4/192.0.2.3/tcp/1");
  details.pop_back();  // the shard had not told of it
  handles[0].close();
  handles[2].close();
  const auto found = all();
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found.at(peer(1)).connections.size(), 1U);
  EXPECT_EQ(found.at(peer(1)).connections[0].address, "/ip4/192.0.2.1/tcp/2");
}

TEST_F(ListedPeersTest, ListsNoMoreConnectionsThanAddresses) {
  for (std::uint64_t i = 0; i < libp2p::kMaxListedAddresses + 3; ++i) {
    open(1, i + 1, "/ip4/192.0.2.1/tcp/1");
  }
  EXPECT_EQ(all().at(peer(1)).connections.size(), libp2p::kMaxListedAddresses);
}

TEST_F(ListedPeersTest, ShowsWhatMayBeRecorded) {
  open(1, 1, "/ip4/192.0.2.1/tcp/1");
  open(2, 2, "/ip4/192.0.2.2/tcp/1");
  open(3, 3, "/ip4/198.51.100.1/tcp/1");
  open(3, 4, "/ip4/192.0.2.3/tcp/1");
  monitor::Privacy::Options excluding;
  excluding.excluded_peers = {peer(2)};
  excluding.excluded_subnets = {*multiformats::IpRange::from_string("/ip4/198.51.100.0/ipcidr/24")};
  const auto found = all(monitor::Privacy(excluding));
  ASSERT_EQ(found.size(), 2U);
  ASSERT_EQ(found.at(peer(3)).connections.size(), 1U);
  EXPECT_EQ(found.at(peer(3)).connections[0].address, "/ip4/192.0.2.3/tcp/1");

  monitor::Privacy::Options hiding;
  hiding.addresses = monitor::AddressDetail::prefix;
  hiding.peer_key.emplace();
  const monitor::Privacy keyed(hiding);
  const auto hidden = all(keyed);
  ASSERT_EQ(hidden.size(), 3U);
  const auto& view = hidden.at(keyed.shown(peer(1)));
  EXPECT_NE(view.peer, peer(1));
  EXPECT_EQ(view.connections[0].address, keyed.shown_text("/ip4/192.0.2.1/tcp/1"));
}

}  // namespace
}  // namespace mexport::node
