// SPDX-License-Identifier: MIT
#include "libp2p/peer_directory.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mexport::libp2p {
namespace {

multiformats::PeerId peer(std::uint8_t n) {
  return multiformats::PeerId::from_sha256(base::Bytes(32, n));
}
using Texts = std::vector<std::string>;

TEST(PeerDirectory, ListsAddressesInOrderOfOpening) {
  PeerDirectory directory;
  auto first = directory.open(peer(1), 10, "/ip4/1.1.1.1/tcp/1");
  auto second = directory.open(peer(1), 11, "/ip4/1.1.1.1/tcp/2");
  auto other = directory.open(peer(2), 12, "/ip4/2.2.2.2/tcp/1");
  EXPECT_EQ(*first.snapshot()->addresses, (Texts{"/ip4/1.1.1.1/tcp/1", "/ip4/1.1.1.1/tcp/2"}));
  EXPECT_EQ(second.snapshot(), first.snapshot());
  EXPECT_EQ(directory.connection_count(peer(1)), 2U);
  EXPECT_EQ(directory.peer_count(), 2U);

  EXPECT_EQ(first.close(), 1U);
  EXPECT_EQ(first.close(), 0U);
  EXPECT_EQ(first.snapshot()->connection_count(), 2U);  // as it was just before
  EXPECT_EQ(*second.snapshot()->addresses, Texts{"/ip4/1.1.1.1/tcp/2"});
  EXPECT_EQ(second.close(), 0U);
  EXPECT_EQ(directory.peer_count(), 1U);
}

TEST(PeerDirectory, ListsTheAddressesOfTheFirstOfVeryManyConnections) {
  PeerDirectory directory;
  std::vector<PeerDirectory::Handle> handles;
  for (std::size_t i = 0; i < kMaxListedAddresses + 3; ++i) {
    handles.push_back(directory.open(peer(1), i, std::to_string(i)));
  }
  const auto full = handles.back().snapshot();
  EXPECT_EQ(full->addresses->size(), kMaxListedAddresses);
  EXPECT_EQ(full->connection_count(), kMaxListedAddresses + 3);

  handles[kMaxListedAddresses + 1].close();  // not listed
  EXPECT_EQ(*handles.front().snapshot()->addresses, *full->addresses);
  EXPECT_EQ(handles[0].close(), kMaxListedAddresses + 1);
  handles[1].close();
  const auto after = handles.back().snapshot();
  EXPECT_EQ(after->addresses->size(), kMaxListedAddresses);
  EXPECT_EQ(after->addresses->front(), "2");
  EXPECT_EQ(after->addresses->back(), std::to_string(kMaxListedAddresses + 2));
  handles[2].close();
  EXPECT_EQ(handles.back().snapshot()->addresses->size(), kMaxListedAddresses - 1);
  handles.clear();
  EXPECT_EQ(directory.peer_count(), 0U);
}

TEST(PeerDirectory, ASnapshotStaysAsItWas) {
  PeerDirectory directory;
  auto first = directory.open(peer(1), 1, "a");
  const auto held = first.snapshot();
  auto second = directory.open(peer(1), 2, "b");
  EXPECT_EQ(held->connection_count(), 1U);
  EXPECT_NE(first.snapshot(), held);
}

TEST(PeerDirectory, PeersShareAgentVersions) {
  PeerDirectory directory;
  auto a = directory.open(peer(1), 1, "a");
  auto b = directory.open(peer(2), 2, "b");
  EXPECT_EQ(a.snapshot()->agent_version, nullptr);
  a.set_agent_version("kubo/0.43.0");
  b.set_agent_version("kubo/0.43.0");
  EXPECT_EQ(*a.snapshot()->agent_version, "kubo/0.43.0");
  EXPECT_EQ(a.snapshot()->agent_version.get(), b.snapshot()->agent_version.get());

  // What one connection has learnt, the next one to that peer knows from the start.
  auto again = directory.open(peer(1), 3, "c");
  EXPECT_EQ(*again.snapshot()->agent_version, "kubo/0.43.0");
}

TEST(PeerDirectory, AHandleThatIsDestroyedCloses) {
  PeerDirectory directory;
  {
    auto handle = directory.open(peer(1), 1, "a");
    auto moved = std::move(handle);
    EXPECT_EQ(directory.connection_count(peer(1)), 1U);
  }
  EXPECT_EQ(directory.peer_count(), 0U);
}

TEST(PeerDirectory, ShardsMeetOnOnePeer) {
  constexpr std::uint64_t kRounds = 2000;
  PeerDirectory directory;
  const auto shard = [&](std::uint64_t first_id) {
    auto stays = directory.open(peer(1), first_id, "stays");
    for (std::uint64_t i = 1; i <= kRounds; ++i) {
      auto comes = directory.open(peer(1), first_id + i, "comes");
      comes.set_agent_version(std::to_string(i % 3));
      ASSERT_GE(stays.snapshot()->connection_count(), 2U);
      ASSERT_GE(comes.close(), 1U);
    }
    EXPECT_TRUE(stays.snapshot()->agent_version);
  };
  {
    const std::jthread a(shard, 1);
    const std::jthread b(shard, 1'000'000);
  }
  EXPECT_EQ(directory.peer_count(), 0U);
}

}  // namespace
}  // namespace mexport::libp2p
