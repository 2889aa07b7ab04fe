// SPDX-License-Identifier: MIT
#include "export/peerstore/peer_sighting.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <string>

namespace mexport::exporter {
namespace {

constexpr auto kIdentified =
    R"({"timestamp":"2026-11-22T20:00:00Z","peer":"12D3KooWA","identify_event":{"conn":7,)"
    R"("cause":"initial","agent_version":"kubo/\u003c0.43\"","protocol_version":"",)"
    R"("protocols":["/ipfs/id/1.0.0","/a]"],"listen_addrs":["/ip4/192.0.2.1/tcp/1"],)"
    R"("key_type":"ed25519"},"ext":{"seq":1,"conn":7}})";

std::string identify_with(const std::string& members) {
  return R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","identify_event":{)" + members + "}}";
}

TEST(PeerSighting, TakesWhatIdentifyTells) {
  const auto seen = read_sighting(kIdentified);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->peer, "12D3KooWA");
  EXPECT_EQ(seen->agent_version, R"("kubo/\u003c0.43\"")");
  EXPECT_EQ(seen->protocols, R"(["/ipfs/id/1.0.0","/a]"])");
  EXPECT_EQ(seen->addresses, R"(["/ip4/192.0.2.1/tcp/1"])");
  EXPECT_FALSE(seen->latency_ns);
}

TEST(PeerSighting, AFailedIdentifyTellsNothingButThePeer) {
  const auto seen =
      read_sighting(identify_with(R"("conn":7,"cause":"failed","error":"timed out")"));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->peer, "p");
  EXPECT_TRUE(seen->agent_version.empty());
  EXPECT_TRUE(seen->protocols.empty());
  EXPECT_TRUE(seen->addresses.empty());
}

TEST(PeerSighting, TakesTheLatencyOfAConnectionThatEnded) {
  const auto ended = [](const std::string& ext) {
    return read_sighting(
        R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","connection_event":)"
        R"({"remote":"/ip4/192.0.2.1/tcp/1","connection_event_type":1},"ext":{"seq":1)" +
        ext + "}}");
  };
  EXPECT_EQ(ended(R"(,"latency_ns":1500000)")->latency_ns, 1'500'000);
  EXPECT_FALSE(ended("")->latency_ns);
  EXPECT_FALSE(ended(R"(,"latency_ns":18446744073709551615)")->latency_ns);
}

TEST(PeerSighting, OtherEventsTellNothing) {
  EXPECT_FALSE(read_sighting(
      R"({"timestamp":"2026-11-22T20:00:00Z","peer":"p","heartbeat":{"uptime_ms":1}})"));
  EXPECT_FALSE(read_sighting("{"));
  EXPECT_FALSE(read_sighting(""));
}

TEST(PeerSighting, TakesTheBeginningOfLongLists) {
  std::string list;
  for (int i = 0; i < 2000; ++i) list += (i == 0 ? "\"/p/" : ",\"/p/") + std::to_string(i) + '"';
  const auto seen = read_sighting(identify_with(R"("protocols":[)" + list + "]"));
  ASSERT_TRUE(seen);
  EXPECT_LE(seen->protocols.size(), PeerSighting::kMaxList);
  const auto taken = boost::json::parse(seen->protocols).as_array();
  ASSERT_GT(taken.size(), 500U);
  EXPECT_EQ(taken.front(), "/p/0");
  EXPECT_EQ(taken.back().as_string(), "/p/" + std::to_string(taken.size() - 1));
}

TEST(PeerSighting, AListOfOneThatIsTooLongIsEmpty) {
  const auto huge = '"' + std::string(PeerSighting::kMaxList, 'x') + '"';
  const auto seen = read_sighting(
      identify_with(R"("agent_version":)" + huge + R"(,"listen_addrs":[)" + huge + "]"));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->addresses, "[]");
  EXPECT_TRUE(seen->agent_version.empty());
}

}  // namespace
}  // namespace mexport::exporter
