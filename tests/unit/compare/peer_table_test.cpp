// SPDX-License-Identifier: MIT
#include "compare/peer_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::compare {
namespace {

TEST(ComparePeerTable, KnowsWhoWasSeenWhere) {
  PeerTable table;
  const auto p = table.seen(Side::a, "p");
  EXPECT_EQ(table.seen(Side::b, "p"), p);
  table.seen(Side::a, "q");
  const auto overlap = table.overlap();
  EXPECT_EQ(overlap.both, 1);
  EXPECT_EQ(overlap.only[0], 1);
  EXPECT_EQ(overlap.only[1], 0);
}

TEST(ComparePeerTable, TheLastAgentCounts) {
  PeerTable table;
  const auto peer = table.seen(Side::a, "p");
  EXPECT_EQ(table.agents()[table.agent_of(peer)], "unknown");
  table.set_agent(peer, "kubo/1");
  table.set_agent(peer, "");
  EXPECT_EQ(table.agents()[table.agent_of(peer)], "kubo/1");
  table.set_agent(peer, "kubo/2");
  EXPECT_EQ(table.agents()[table.agent_of(peer)], "kubo/2");
}

TEST(ComparePeerTable, AgentsWithoutEndAreOthers) {
  PeerTable table;
  for (std::size_t i = 0; i < 2 * PeerTable::kMostAgents; ++i) {
    table.set_agent(table.seen(Side::a, std::to_string(i)), "agent " + std::to_string(i));
  }
  EXPECT_EQ(table.agents().size(), PeerTable::kMostAgents);
  EXPECT_EQ(table.agents()[table.agent_of(2 * PeerTable::kMostAgents - 1)], "others");
}

TEST(PeerTable, OneThatNoRecordHasIsNotCounted) {
  PeerTable peers;
  const auto number = peers.number_of("p");
  EXPECT_EQ(peers.overlap().only[0] + peers.overlap().only[1] + peers.overlap().both, 0);
  EXPECT_EQ(peers.seen(Side::b, "p"), number);
  EXPECT_EQ(peers.overlap().only[1], 1);
}

}  // namespace
}  // namespace mexport::compare
