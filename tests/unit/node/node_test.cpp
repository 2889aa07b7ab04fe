// SPDX-License-Identifier: MIT
#include "node/node.hpp"

#include "node/demo_peers.hpp"
#include "node/shard_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace mexport::node {
namespace {

using namespace std::chrono_literals;

/// Keeps all facts of one shard.
class KeepingSink final : public monitor::ObservationSink {
 public:
  void submit(monitor::Fact&& fact) noexcept override {
    const std::lock_guard lock(mutex_);
    facts_.push_back(std::move(fact));
  }
  void begin_batch(base::SteadyTime) noexcept override { in_batch_ = true; }
  void end_batch() noexcept override { in_batch_ = false; }

  template <class T>
  std::vector<T> all() {
    const std::lock_guard lock(mutex_);
    std::vector<T> found;
    for (const auto& fact : facts_) {
      if (const T* match = std::get_if<T>(&fact)) found.push_back(*match);
    }
    return found;
  }

 private:
  std::mutex mutex_;
  std::vector<monitor::Fact> facts_;
  bool in_batch_ = false;
};

class NodeTest : public testing::Test {
 protected:
  NodeTest() {
    for (std::size_t i = 0; i < pool.size(); ++i) pool.set_sink(i, sinks[i]);
    pool.start();
  }

  NodeParts parts() { return {pool, ids, clock, {}}; }
  std::expected<std::unique_ptr<Node>, StartError> start(NodeOptions options) {
    return Node::start(parts(), *libp2p::PeerIdentity::generate(), std::move(options));
  }
  static NodeOptions on_loopback() {
    NodeOptions options;
    options.agent_version = "mexport/test";
    options.listen = {*multiformats::Multiaddr::from_string("/ip4/127.0.0.1/tcp/0")};
    return options;
  }
  template <class T>
  std::vector<T> seen() {
    std::vector<T> all;
    for (auto& sink : sinks) {
      auto some = sink.all<T>();
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }
  /// Waits for real threads and sockets, for ten seconds at most.
  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 1000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
  static std::vector<monitor::PeerView> all_peers(Node& node) {
    std::vector<monitor::PeerView> all;
    std::vector<monitor::PeerView> piece;
    const auto cursor = node.peers();
    while (cursor->next(piece)) all.insert(all.end(), piece.begin(), piece.end());
    return all;
  }
  static KnownPeer known(const Node& node) { return {node.peer_id(), node.bound_addresses()}; }

  KeepingSink sinks[2];
  base::SystemClock clock;
  libp2p::ConnectionIds ids;
  ShardPool pool{2};
};

TEST_F(NodeTest, RecordsWhatDemoPeersDo) {
  auto node = start(on_loopback());
  ASSERT_TRUE(node) << node.error().what;
  {
    const auto demo = DemoPeers::start({pool, clock, {}}, known(**node), 6);
    ASSERT_TRUE(demo);
    ASSERT_TRUE(eventually([&] { return seen<monitor::BitswapMessageReceived>().size() >= 6; }));
  }
  ASSERT_TRUE(eventually([&] { return seen<monitor::Disconnected>().size() == 6; }));
  (*node)->stop();

  EXPECT_EQ(seen<monitor::Connected>().size(), 6U);
  EXPECT_EQ(seen<monitor::PeerIdentified>().size(), 6U);
  for (const auto& message : seen<monitor::BitswapMessageReceived>()) {
    ASSERT_NE(message.agent_version, nullptr);
    EXPECT_EQ(*message.agent_version, "mexport-demo/0.1.0");
    ASSERT_EQ(message.connected_addresses->size(), 1U);
    EXPECT_EQ(message.connected_addresses->front(), message.connection->remote);
    EXPECT_FALSE(message.message.wantlist.empty());
  }
  for (const auto& fact : seen<monitor::Disconnected>()) EXPECT_EQ(fact.peer_connections, 0U);
  const auto statistics = (*node)->statistics();
  EXPECT_EQ(statistics.connections_inbound, 0U);
  EXPECT_EQ(statistics.messages_total, seen<monitor::BitswapMessageReceived>().size());
}

TEST_F(NodeTest, KeepsAConnectionToAPeerAndFindsItAgain) {
  auto target = start(on_loopback());
  ASSERT_TRUE(target);
  auto options = on_loopback();
  options.index = 1;
  options.keep = {known(**target)};
  auto keeper = start(options);
  ASSERT_TRUE(keeper);
  ASSERT_TRUE(eventually([&] { return (*keeper)->statistics().connections_outbound == 1; }));
  for (const auto& fact : seen<monitor::Connected>()) {
    EXPECT_EQ(fact.connection->node == 1,
              fact.connection->direction == monitor::Direction::outbound);
  }
}

TEST_F(NodeTest, CountsPeersStreamsAndWantsWhileTheyAreThere) {
  auto node = start(on_loopback());
  ASSERT_TRUE(node);
  {
    const auto demo = DemoPeers::start({pool, clock, {}}, known(**node), 6);
    ASSERT_TRUE(demo);
    const auto told = [&] { return (*node)->census().agent_versions; };
    ASSERT_TRUE(eventually([&] { return told()["mexport-demo/0.1.0"] == 6; }));
    const auto census = (*node)->census();
    EXPECT_EQ(census.peers, 6U);
    EXPECT_EQ(census.transports.at("/ip4/tcp"), 6U);
    EXPECT_EQ(census.protocols.at("/ipfs/id/1.0.0"), 6U);
    const auto peers = all_peers(**node);
    EXPECT_EQ(peers.size(), 6U);
    for (const auto& peer : peers) {
      ASSERT_EQ(peer.connections.size(), 1U);
      EXPECT_EQ(peer.connections[0].transport, "tcp");
      EXPECT_EQ(peer.connections[0].direction, monitor::Direction::inbound);
      EXPECT_GT(peer.connections[0].opened_at, base::SteadyTime{});
    }
    ASSERT_TRUE(eventually([&] {
      return (*node)->statistics().streams_by_protocol.at("/ipfs/bitswap/1.2.0").inbound > 0;
    }));
  }
  ASSERT_TRUE(eventually([&] { return (*node)->census().peers == 0; }));
  EXPECT_TRUE(all_peers(**node).empty());
  const auto statistics = (*node)->statistics();
  for (const auto& [protocol, streams] : statistics.streams_by_protocol) {
    EXPECT_EQ(streams.inbound, 0U) << protocol;
    EXPECT_EQ(streams.outbound, 0U) << protocol;
  }
  const auto& identify = statistics.streams_by_protocol.at("/ipfs/id/1.0.0");
  EXPECT_GT(identify.bytes_in, 0U);
  EXPECT_GT(identify.bytes_out, 0U);
  EXPECT_GT(statistics.streams_by_protocol.at("/ipfs/bitswap/1.2.0").bytes_in, 0U);
  EXPECT_GT(statistics.other_streams.bytes_out, 0U);
  EXPECT_EQ(statistics.live_wants, 0U);
  EXPECT_EQ(statistics.buffered_bytes, 0U);
  EXPECT_GT(statistics.wants_by_agent_family.at("other"), 0U);
  EXPECT_GT(statistics.counters.at("bytes_in_noise"), 0U);
  EXPECT_EQ(statistics.loop_latency_by_thread.size(), 2U);
}

/// Keeps what an ask gave.
class KeepingListener final : public monitor::AskListener {
 public:
  bool abandoned() const override { return abandons; }
  void on_peer(monitor::PeerReport&& report) override {
    const std::lock_guard lock(mutex_);
    reports_.push_back(std::move(report));
  }
  void on_done(bool stopped) override { done = stopped ? 2 : 1; }
  std::vector<monitor::PeerReport> reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

  std::atomic<bool> abandons{false};
  std::atomic<int> done{0};  // 2: stopped

 private:
  std::mutex mutex_;
  std::vector<monitor::PeerReport> reports_;
};

class AskTest : public NodeTest {
 protected:
  std::unique_ptr<Node> asking(std::uint32_t peers_per_second = 5'000) {
    auto options = on_loopback();
    options.probe.enabled = true;
    options.probe.peers_per_second = peers_per_second;
    options.limits.admission.per_address = 0;  // all are here
    auto node = start(options);
    EXPECT_TRUE(node);
    return std::move(*node);
  }
  /// Connects so many, and waits until they can be asked.
  std::unique_ptr<DemoPeers> peers_of(Node& node, std::size_t count) {
    auto demo = DemoPeers::start({pool, clock, {}}, known(node), count);
    EXPECT_TRUE(demo);
    EXPECT_TRUE(eventually([&] { return node.census().protocols["/ipfs/id/1.0.0"] == count; }));
    std::this_thread::sleep_for(1100ms);
    return std::move(*demo);
  }
  static monitor::Ask ask(monitor::AskKind kind, std::chrono::seconds after = 0s) {
    return {.kind = kind,
            .cids = {multiformats::Cid::from_string(
                         "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy")
                         .value()},
            .cancel_after = after};
  }
};

TEST_F(AskTest, EveryPeerIsAskedOnce) {
  const auto node = asking();
  const auto demo = peers_of(*node, 40);
  EXPECT_EQ(node->census().askable, 40U);
  for (int round = 0; round < 2; ++round) {
    const auto heard = std::make_shared<KeepingListener>();
    ASSERT_TRUE(node->ask(ask(monitor::AskKind::want_cancel), heard));
    ASSERT_TRUE(eventually([&] { return heard->done > 0; }));
    EXPECT_EQ(heard->done, 1);
    const auto reports = heard->reports();
    EXPECT_EQ(reports.size(), 40U);
    std::set<std::string> peers;
    for (const auto& report : reports) {
      peers.insert(report.peer);
      EXPECT_EQ(report.want.error + report.cancel.error, "");
      EXPECT_EQ(report.want.want_type, wire::WantType::have);
      EXPECT_LE(report.want.before, report.cancel.before);
    }
    EXPECT_EQ(peers.size(), 40U);
  }
  EXPECT_EQ(node->statistics().counters.at("probe_messages_sent"), 160U);
  const auto sent = seen<monitor::BitswapSent>();
  EXPECT_EQ(sent.size(), 160U);
  for (const auto& fact : sent) {
    ASSERT_EQ(std::get<monitor::Asked>(fact.content).wantlist->entries.size(), 1U);
    EXPECT_GT(fact.size, 36U);
    EXPECT_NE(fact.connection, nullptr);
  }
  EXPECT_EQ(node->statistics().counters.at("probe_messages_failed"), 0U);
  node->stop();
}

TEST_F(AskTest, APeerIsNotAskedAtOnceAfterItHasConnected) {
  const auto node = asking();
  const auto demo = DemoPeers::start({pool, clock, {}}, known(*node), 3);
  ASSERT_TRUE(demo);
  ASSERT_TRUE(eventually([&] { return node->census().peers == 3; }));
  const auto heard = std::make_shared<KeepingListener>();
  ASSERT_TRUE(node->ask(ask(monitor::AskKind::want), heard));
  ASSERT_TRUE(eventually([&] { return heard->done > 0; }));
  EXPECT_TRUE(heard->reports().empty());
  node->stop();
}

TEST_F(AskTest, WhatIsNotSentIsTakenBackAndAStopEndsTheRest) {
  const auto node = asking(2);  // a second: after the first burst it takes long
  const auto demo = peers_of(*node, 200);
  const auto abandoned = std::make_shared<KeepingListener>();
  ASSERT_TRUE(node->ask(ask(monitor::AskKind::want), abandoned));
  ASSERT_TRUE(eventually([&] { return abandoned->reports().size() >= 100; }));
  abandoned->abandons = true;
  ASSERT_TRUE(eventually([&] { return abandoned->done > 0; }));
  EXPECT_LT(abandoned->reports().size(), 200U);

  const auto stopped = std::make_shared<KeepingListener>();
  ASSERT_TRUE(node->ask(ask(monitor::AskKind::want_cancel, 3600s), stopped));
  ASSERT_TRUE(eventually([&] {
    return node->statistics().counters.at("probe_messages_sent") > abandoned->reports().size();
  }));
  EXPECT_TRUE(stopped->reports().empty());
  node->stop();
  EXPECT_EQ(stopped->done, 2);
  ASSERT_FALSE(stopped->reports().empty());
  EXPECT_EQ(stopped->reports()[0].cancel.error, "the node is stopping");
  EXPECT_FALSE(node->ask(ask(monitor::AskKind::want), stopped));
}

TEST_F(AskTest, ANodeWithoutProbeAsksNobody) {
  const auto node = start(on_loopback());
  ASSERT_TRUE(node);
  EXPECT_FALSE((*node)->ask(ask(monitor::AskKind::want), std::make_shared<KeepingListener>()));
}

TEST_F(NodeTest, StopTellsPeersWhy) {
  auto first = start(on_loopback());
  auto options = on_loopback();
  options.index = 1;
  options.keep = {known(**first)};
  auto second = start(options);
  ASSERT_TRUE(eventually([&] { return (*second)->statistics().connections_outbound == 1; }));
  (*second)->stop();
  ASSERT_TRUE(eventually([&] { return seen<monitor::Disconnected>().size() == 2; }));
  for (const auto& fact : seen<monitor::Disconnected>()) {
    EXPECT_EQ(fact.close_code, 0x1006U);
    EXPECT_EQ(fact.closed_by == monitor::ClosedBy::local, fact.connection->node == 1);
  }
  EXPECT_EQ((*first)->statistics().counters.at("close_code_received_shutdown"), 1U);
  EXPECT_EQ((*second)->statistics().counters.at("close_code_sent_shutdown"), 1U);
}

TEST_F(NodeTest, APortInUseIsAnErrorThatNamesTheAddress) {
  auto first = start(on_loopback());
  ASSERT_TRUE(first);
  auto options = on_loopback();
  options.listen = (*first)->bound_addresses();
  const auto second = start(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().error, std::errc::address_in_use);
  EXPECT_NE(second.error().what.find(options.listen[0].to_string()), std::string::npos);
}

TEST_F(NodeTest, StartsAndStopsAgain) {
  for (int round = 0; round < 3; ++round) {
    auto node = start(on_loopback());
    ASSERT_TRUE(node);
    (*node)->stop();
    (*node)->stop();
  }
}

}  // namespace
}  // namespace mexport::node
