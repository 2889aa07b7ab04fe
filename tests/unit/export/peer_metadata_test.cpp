// SPDX-License-Identifier: MIT
#include "export/peer_metadata.hpp"

#include "tests/unit/export/temporary_directory.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>

namespace mexport::exporter {
namespace {

using monitor::PeerView;

constexpr auto kPeer = "12D3KooWGHMoVZcBecMbDdUjcAkqxUkVeCYE3PHYuuLQLi31uhsf";

base::WallTime at(std::int64_t nanoseconds) {
  return base::WallTime(std::chrono::nanoseconds(nanoseconds));
}

/// Hands out pieces that stand ready.
class ReadyPeers final : public monitor::PeerCursor {
 public:
  explicit ReadyPeers(std::deque<std::vector<PeerView>> pieces) : pieces_(std::move(pieces)) {}
  bool next(std::vector<PeerView>& piece) override {
    piece.clear();
    if (pieces_.empty()) return false;
    piece = std::move(pieces_.front());
    pieces_.pop_front();
    return true;
  }
  std::size_t connections() const override { return 7; }

 private:
  std::deque<std::vector<PeerView>> pieces_;
};

PeerView plain_peer() {
  PeerView peer;
  peer.peer = multiformats::PeerId::from_string(kPeer).value();
  peer.connections.resize(1);
  peer.connections[0].address = "/ip4/127.0.0.1/tcp/55624";
  return peer;
}

std::string all(std::deque<std::vector<PeerView>> pieces,
                PeerMetadata::Unconnected unconnected = {},
                std::shared_ptr<Peerstore> store = nullptr) {
  PeerMetadata metadata(std::make_unique<ReadyPeers>(std::move(pieces)),
                        at(1'795'379'787'651'528'200), std::move(store), std::move(unconnected));
  std::string out;
  while (metadata.next(out)) {
  }
  EXPECT_FALSE(metadata.next(out));
  return out;
}

TEST(PeerMetadata, WritesAPeerAsTheReferenceDoes) {
  auto peer = plain_peer();
  peer.agent_version =
      std::make_shared<const std::string>("golddrv/1 <a&b> \"q\" \xe2\x80\xa8 \xc3\xa9");
  peer.protocols = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"/ipfs/bitswap/1.2.0", "/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"});
  EXPECT_EQ(
      all({{peer}}),
      R"({"timestamp":"2026-11-22T20:36:27.6515282Z","num_connections":7,"peer_metadata":[)"
      R"({"peer_id":"12D3KooWGHMoVZcBecMbDdUjcAkqxUkVeCYE3PHYuuLQLi31uhsf","connectedness":1,)"
      R"("multiaddresses":[],"protocols":["/ipfs/bitswap/1.2.0","/ipfs/id/1.0.0",)"
      R"("/ipfs/ping/1.0.0"],"agent_version":"golddrv/1 \u003ca\u0026b\u003e \"q\" \u2028 é",)"
      R"("latency_ewma_ns":null,"connected_multiaddresses":["/ip4/127.0.0.1/tcp/55624"]}]})");
}

TEST(PeerMetadata, SaysWhatIsNotKnown) {
  auto peer = plain_peer();
  peer.latency = std::chrono::nanoseconds(1'500'000);
  peer.connections.push_back(peer.connections[0]);
  const auto result = boost::json::parse(
      all({{}, {peer}, {}},
          {.own = {{.peer = "self", .addresses = {"/ip4/127.0.0.1/tcp/4001"}}}, .known = true}));
  const auto& list = result.at("peer_metadata").as_array();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], boost::json::parse(R"({"peer_id":"self","connectedness":0,
      "multiaddresses":["/ip4/127.0.0.1/tcp/4001"],"protocols":null,"agent_version":"N/A","latency_ewma_ns":null,
      "connected_multiaddresses":null})"));
  EXPECT_EQ(list[1].at("latency_ewma_ns"), 1'500'000);
  EXPECT_EQ(list[1].at("agent_version"), "N/A");
  EXPECT_TRUE(list[1].at("protocols").is_null());
  EXPECT_EQ(list[1].at("connected_multiaddresses").as_array().size(), 2U);
}

TEST(PeerMetadata, IsCompleteWithoutPeers) {
  EXPECT_TRUE(boost::json::parse(all({})).at("peer_metadata").as_array().empty());
}

class StoredPeers : public ::testing::Test {
 protected:
  /// `count` peers, named "a0" and so on, with addresses; the first stands for kPeer.
  void remember(std::size_t count) {
    std::vector<PeerSighting> sightings;
    for (std::size_t i = 0; i < count; ++i) {
      sightings.push_back({.peer = i == 0 ? kPeer : "a" + std::to_string(i),
                           .agent_version = R"("kubo/\u003c")",
                           .protocols = R"(["/ipfs/id/1.0.0"])",
                           .addresses = R"(["/ip4/192.0.2.7/tcp/4001"])",
                           .latency_ns = {}});
    }
    ASSERT_TRUE(store_->update(sightings, at(5)));
  }

  testing::TemporaryDirectory directory_;
  std::shared_ptr<Peerstore> store_ = std::make_shared<Peerstore>(
      Peerstore::Options{.path = directory_.path() + "/peers.sqlite"}, base::Logger());
};

TEST_F(StoredPeers, TellAddressesOfTheConnected) {
  remember(2);
  const auto result = boost::json::parse(all({{plain_peer()}}, {}, store_));
  const auto& list = result.at("peer_metadata").as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].at("connectedness"), 1);
  EXPECT_EQ(list[0].at("multiaddresses"), boost::json::parse(R"(["/ip4/192.0.2.7/tcp/4001"])"));
}

TEST_F(StoredPeers, AreListedOnceBehindTheConnected) {
  constexpr std::size_t kMany = 700;
  remember(kMany);
  const PeerSighting bare{.peer = "bare",
                          .agent_version = {},
                          .protocols = {},
                          .addresses = {},
                          .latency_ns = 1'500'000};
  ASSERT_TRUE(store_->update({&bare, 1}, at(6)));
  const auto result = boost::json::parse(all({{plain_peer()}}, {.known = true}, store_));
  const auto& list = result.at("peer_metadata").as_array();
  ASSERT_EQ(list.size(), kMany + 1);
  EXPECT_EQ(list[0].at("peer_id"), kPeer);
  EXPECT_EQ(list[1], boost::json::parse(R"({"peer_id":"a1","connectedness":0,
      "multiaddresses":["/ip4/192.0.2.7/tcp/4001"],"protocols":["/ipfs/id/1.0.0"],
      "agent_version":"kubo/<","latency_ewma_ns":null,"connected_multiaddresses":null})"));
  EXPECT_EQ(list[kMany], boost::json::parse(R"({"peer_id":"bare","connectedness":0,
      "multiaddresses":[],"protocols":null,"agent_version":"N/A","latency_ewma_ns":1500000,
      "connected_multiaddresses":null})"));
}

TEST(PeerMetadata, HoldsOnePieceAtATime) {
  constexpr std::size_t kPieces = 200;
  constexpr std::size_t kPeersEach = 100;
  PeerMetadata metadata(std::make_unique<ReadyPeers>(std::deque<std::vector<PeerView>>(
                            kPieces, std::vector<PeerView>(kPeersEach, plain_peer()))),
                        at(0), nullptr, {});
  std::string all;
  std::size_t largest = 0;
  bool more = true;
  while (more) {
    std::string out;
    more = metadata.next(out);
    largest = std::max(largest, out.size());
    all += out;
  }
  EXPECT_LT(largest, 2 * PeerMetadata::kPiece);
  EXPECT_EQ(boost::json::parse(all).at("peer_metadata").as_array().size(), kPieces * kPeersEach);
}

}  // namespace
}  // namespace mexport::exporter
