// SPDX-License-Identifier: MIT
#include "libp2p/dial_error.hpp"
#include "libp2p/identify/identify.hpp"
#include "libp2p/ping/ping.hpp"
#include "libp2p/swarm.hpp"
#include "tests/unit/libp2p/fakes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>

namespace mexport::libp2p::test {
namespace {

constexpr std::array<std::string_view, 1> kHoard{"/test/hoard/1.0.0"};

/// Keeps what comes, as long as it lives.
class Hoard final : public StreamHandler {
 public:
  explicit Hoard(Connection& connection) : connection_(connection) {}
  ~Hoard() override { connection_.bytes().change(held_, 0); }
  void on_data(Stream& stream, base::ByteView data) override {
    connection_.bytes().change(held_, held_ + data.size());
    held_ += data.size();
    stream.consume(data.size());
  }
  void on_remote_close(Stream& stream) override { stream.close_write(); }
  void on_reset(Stream&, StreamCode) override {}

 private:
  Connection& connection_;
  std::size_t held_ = 0;
};

/// Hears how a stream ends.
class Listen final : public StreamHandler {
 public:
  explicit Listen(std::optional<StreamCode>& reset) : reset_(reset) {}
  void on_data(Stream& stream, base::ByteView data) override { stream.consume(data.size()); }
  void on_remote_close(Stream&) override {}
  void on_reset(Stream&, StreamCode code) override { reset_ = code; }

 private:
  std::optional<StreamCode>& reset_;
};

/// A node with limits, and peers that come to it.
class SwarmLimitsTest : public ::testing::Test {
 protected:
  TestNode& serve(SwarmOptions options, std::size_t max_streams = kMaxStreamsPerProtocol) {
    node.emplace(network, shard, "/ip4/10.0.0.1/tcp/4001", std::move(options));
    node->swarm->protocols().add(
        std::string(kHoard[0]),
        [](Stream& stream, std::string_view) {
          return std::make_unique<Hoard>(stream.connection());
        },
        max_streams);
    return *node;
  }
  /// Opens a stream and sends so many bytes.
  Stream* send(Connection& connection, std::size_t size) {
    Stream* opened = nullptr;
    shard.run([&] {
      opened = connection
                   .open_stream({.protocols = kHoard,
                                 .handler = std::make_unique<Listen>(resets.emplace_back()),
                                 .form = multistream::Form::lazy})
                   .value();
      EXPECT_TRUE(opened->write(base::Bytes(size)));
    });
    return opened;
  }
  std::size_t held() {
    std::size_t sum = 0;
    for (auto* connection : node->events.connected) sum += connection->bytes().held();
    return sum;
  }

  FakeNetwork network;
  FakeShard shard;
  TestNode alice{network, shard, "/ip4/10.0.0.2/tcp/4001"};
  TestNode carol{network, shard, "/ip4/10.0.0.3/tcp/4001"};
  std::deque<std::optional<StreamCode>> resets;
  std::optional<TestNode> node;
};

TEST_F(SwarmLimitsTest, WhoMakesUsHoldTooMuchGoes) {
  serve({.bytes = {.per_connection = 100'000}});
  Connection& greedy = **alice.connect(*node);
  Connection& modest = **carol.connect(*node);
  send(modest, 50'000);
  send(greedy, 60'000);
  EXPECT_EQ(held(), 110'000U);
  send(greedy, 60'000);

  ASSERT_EQ(alice.events.disconnected.size(), 1U);
  EXPECT_EQ(alice.events.disconnected[0].info.reason, CloseReason::go_away);
  EXPECT_EQ(alice.events.disconnected[0].info.code, 0x1001U);
  EXPECT_TRUE(carol.events.disconnected.empty());
  EXPECT_EQ(node->swarm->counters().closed_for_bytes.value(), 1U);
  EXPECT_EQ(node->swarm->counters().closed_for_bytes_total.value(), 0U);
  EXPECT_EQ(held(), 50'000U) << "all of it is given back";
}

TEST_F(SwarmLimitsTest, WhenAllHoldTooMuchTheLargestGoes) {
  serve({.bytes = {.per_connection = 0, .total = 200'000}});
  Connection& large = **alice.connect(*node);
  Connection& small = **carol.connect(*node);
  send(large, 150'000);
  send(small, 40'000);
  EXPECT_EQ(node->events.connected.size(), 2U);
  send(small, 20'000);
  EXPECT_EQ(alice.events.disconnected.size(), 1U);
  EXPECT_TRUE(carol.events.disconnected.empty());
  EXPECT_EQ(node->swarm->counters().closed_for_bytes_total.value(), 1U);
  EXPECT_EQ(held(), 60'000U);
}

TEST_F(SwarmLimitsTest, WhatWaitsForAPeerThatDoesNotReadCounts) {
  serve({});
  Connection& connection = **alice.connect(*node);
  const auto ours = network.ends.at(1);
  ours->stuck = true;
  shard.run([&] {
    auto& back = *node->events.connected.at(0);
    const auto stream =
        back.open_stream({.protocols = kHoard,
                          .handler = std::make_unique<Listen>(resets.emplace_back()),
                          .form = multistream::Form::lazy});
    ASSERT_TRUE(stream);
    ASSERT_TRUE((*stream)->write(base::Bytes(700'000)));
  });
  EXPECT_GE(held(), 700'000U) << "in the socket, and in the stream";
  shard.run([&] { FakeRawConnection::unstick(ours); });
  EXPECT_EQ(held(), 0U);
  EXPECT_FALSE(connection.closing());
}

TEST_F(SwarmLimitsTest, AnIncompleteFrameCounts) {
  serve({});
  Connection& connection = **alice.connect(*node);
  const auto ours = network.ends.at(1);
  const auto theirs = network.ends.at(0);
  theirs->stuck = true;
  send(connection, 10'000);
  shard.run([&] {
    auto& waiting = theirs->waiting;
    base::append(ours->inbox, base::ByteView(waiting).first(5'000));
    waiting.erase(waiting.begin(), waiting.begin() + 5'000);
    FakeRawConnection::wake(ours);
  });
  EXPECT_GT(held(), 1'000U);
  shard.run([&] { FakeRawConnection::unstick(theirs); });
  EXPECT_EQ(held(), 10'000U) << "by the handler alone";
}

TEST_F(SwarmLimitsTest, WhoHasMostStreamsGoesWhenThereAreTooMany) {
  serve({.max_streams = 8});
  Connection& greedy = **alice.connect(*node);
  Connection& modest = **carol.connect(*node);
  for (int i = 0; i < 2; ++i) send(modest, 1);
  for (int i = 0; i < 6; ++i) send(greedy, 1);
  EXPECT_EQ(node->swarm->counters().streams_inbound.value(), 8U);
  EXPECT_EQ(node->events.connected.size(), 2U);
  send(modest, 1);
  ASSERT_EQ(alice.events.disconnected.size(), 1U);
  EXPECT_EQ(alice.events.disconnected[0].info.code, 0x1001U);
  EXPECT_TRUE(carol.events.disconnected.empty());
  EXPECT_EQ(node->swarm->counters().closed_for_streams.value(), 1U);
  EXPECT_EQ(node->swarm->counters().streams_inbound.value(), 3U);
}

TEST_F(SwarmLimitsTest, StreamsOfOneProtocolAreCounted) {
  serve({}, 2);
  Connection& connection = **alice.connect(*node);
  Stream* first = send(connection, 1);
  send(connection, 1);
  EXPECT_FALSE(resets[1]);
  send(connection, 1);
  EXPECT_EQ(resets[2], StreamCode::resource_limit_exceeded);
  EXPECT_EQ(node->swarm->counters().streams_refused_per_protocol.value(), 1U);
  EXPECT_EQ(node->swarm->counters().streams_inbound.value(), 2U);

  shard.run([&] { first->reset(StreamCode::none); });
  send(connection, 1);
  EXPECT_FALSE(resets[3]) << "one has gone";
  EXPECT_TRUE(alice.events.disconnected.empty());
}

TEST_F(SwarmLimitsTest, PingAndIdentifyHaveFewStreams) {
  serve({});
  Connection& connection = **alice.connect(*node);
  constexpr std::array<std::array<std::string_view, 1>, 2> kProtocols{
      {{ping::kProtocol}, {identify::kProtocol}}};
  constexpr std::array<std::size_t, 2> kMost{ping::kMaxStreams, identify::kMaxStreams};
  for (std::size_t which = 0; which < kProtocols.size(); ++which) {
    resets.clear();
    for (std::size_t i = 0; i < kMost.at(which) + 3; ++i) {
      shard.run([&] {
        EXPECT_TRUE(
            connection.open_stream({.protocols = kProtocols.at(which),
                                    .handler = std::make_unique<Listen>(resets.emplace_back())}));
      });
    }
    EXPECT_EQ(std::ranges::count(resets, std::optional(StreamCode::resource_limit_exceeded)), 3);
  }
}

TEST(SwarmLimits, PerAddressAndTotal) {
  FakeNetwork network;
  FakeShard shard;
  Admission admission({.connections = 3, .per_address = 2});
  TestNode busy(network, shard, "/ip4/10.0.0.1/tcp/4001", {}, {"/yamux/1.0.0"}, &admission);
  const auto knock = [&](std::string_view from) {
    const auto ends = network.connect(shard, shard, addr(from), busy.listen_addr);
    shard.run([&] { busy.swarm->accept(raw_of(ends.second)); });
    return ends.second->open;
  };
  EXPECT_TRUE(knock("/ip4/10.0.0.7/tcp/1"));
  EXPECT_TRUE(knock("/ip4/10.0.0.7/tcp/2"));
  EXPECT_FALSE(knock("/ip4/10.0.0.7/tcp/3"));
  EXPECT_TRUE(knock("/ip4/10.0.0.8/tcp/1"));
  EXPECT_FALSE(knock("/ip4/10.0.0.9/tcp/1"));
  const auto refused = [&](AdmissionRefusal reason) {
    return busy.swarm->counters().refused[static_cast<std::size_t>(reason)].value();
  };
  EXPECT_EQ(refused(AdmissionRefusal::per_ip), 1U);
  EXPECT_EQ(refused(AdmissionRefusal::total), 1U);

  shard.advance(20s);  // none of them said a word
  EXPECT_EQ(busy.swarm->counters().handshakes.value(), 0U);
  EXPECT_TRUE(knock("/ip4/10.0.0.7/tcp/4"));
}

TEST(SwarmLimits, HoldOverAllShardsOfANode) {
  FakeNetwork network;
  FakeShard shard;
  Admission admission({.connections = 3, .per_address = 2});
  TestNode first(network, shard, "/ip4/10.0.0.1/tcp/4001", {}, {"/yamux/1.0.0"}, &admission);
  TestNode second(network, shard, "/ip4/10.0.0.2/tcp/4001", {}, {"/yamux/1.0.0"}, &admission);
  TestNode alice(network, shard, "/ip4/10.0.0.7/tcp/4001");
  TestNode bob(network, shard, "/ip4/10.0.0.8/tcp/4001");
  ASSERT_TRUE(alice.connect(first));
  ASSERT_TRUE(alice.connect(second));
  EXPECT_EQ(admission.size(), 2U);
  ASSERT_TRUE(bob.connect(second));
  EXPECT_FALSE(bob.connect(first));
  const auto total = static_cast<std::size_t>(AdmissionRefusal::total);
  EXPECT_EQ(first.swarm->counters().refused[total].value(), 1U);

  // A connection that ends leaves its place to another shard's.
  shard.run([&] { second.events.connected[0]->close(ConnectionCode::none); });
  EXPECT_EQ(admission.size(), 2U);
  shard.advance(1h);  // bob's back-off
  EXPECT_TRUE(bob.connect(first));
  EXPECT_EQ(admission.size(), 3U);
}

TEST(SwarmLimits, AFullNodeDialsNobodyButThoseItKeeps) {
  FakeNetwork network;
  FakeShard shard;
  Admission admission({.connections = 1});
  TestNode full(network, shard, "/ip4/10.0.0.1/tcp/4001", {}, {"/yamux/1.0.0"}, &admission);
  TestNode alice(network, shard, "/ip4/10.0.0.2/tcp/4001");
  TestNode bob(network, shard, "/ip4/10.0.0.3/tcp/4001");
  ASSERT_TRUE(full.connect(alice));
  EXPECT_EQ(admission.size(), 1U);
  EXPECT_EQ(full.connect(bob).error(), DialError::no_room);
  EXPECT_EQ(full.swarm->counters().dials_without_room.value(), 1U);

  shard.run([&] { full.swarm->keep_connected(bob.id(), {&bob.listen_addr, 1}); });
  shard.advance(1s);
  EXPECT_NE(full.swarm->find_connection(bob.id()), nullptr);
  EXPECT_EQ(admission.size(), 2U);
}

TEST(SwarmLimits, WhoSpeaksSomethingElseIsGoneAtItsFirstBytes) {
  FakeNetwork network;
  FakeShard shard;
  TestNode node(network, shard, "/ip4/10.0.0.1/tcp/4001");
  const auto open_after = [&](std::string_view bytes) {
    const auto ends = network.connect(shard, shard, addr("/ip4/10.0.0.7/tcp/1"), node.listen_addr);
    shard.run([&] {
      node.swarm->accept(raw_of(ends.second));
      base::append(ends.second->inbox, base::as_bytes(bytes));
      FakeRawConnection::wake(ends.second);
    });
    return ends.second->open;
  };
  EXPECT_FALSE(open_after("GET / HTTP/1.1\r\n"));
  EXPECT_FALSE(open_after("\x16\x03\x01"));
  EXPECT_FALSE(open_after("\x13/x"));
  EXPECT_TRUE(open_after("\x13/mul"));
  const auto garbage = static_cast<std::size_t>(UpgradeFailure::security_negotiation);
  EXPECT_EQ(node.swarm->counters().handshake_failed_inbound[garbage].value(), 3U);
}

TEST(SwarmLimits, FilteredAddressesAreNotLetIn) {
  FakeNetwork network;
  FakeShard shard;
  SwarmOptions options;
  options.address_rules.filters = {
      multiformats::IpRange::from_string("/ip4/10.9.0.0/ipcidr/16").value()};
  TestNode node(network, shard, "/ip4/10.0.0.1/tcp/4001", std::move(options));
  TestNode filtered(network, shard, "/ip4/10.9.0.1/tcp/4001");
  EXPECT_FALSE(filtered.connect(node));
  EXPECT_EQ(node.connect(filtered).error(), DialError::forbidden);
  EXPECT_EQ(node.swarm->counters().refused_filtered.value(), 1U);
}

TEST(SwarmLimits, TheOldestHandshakeGivesWay) {
  FakeNetwork network;
  FakeShard shard;
  TestNode busy(network, shard, "/ip4/10.0.0.1/tcp/4001", {.max_handshakes = 4});
  std::vector<FakeNetwork::EndPtr> silent;
  for (int i = 0; i < 5; ++i) {
    const auto ends = network.connect(
        shard, shard, addr("/ip4/10.0.1.1/tcp/" + std::to_string(1000 + i)), busy.listen_addr);
    shard.run([&] { busy.swarm->accept(raw_of(ends.second)); });
    silent.push_back(ends.second);
  }
  EXPECT_FALSE(silent[0]->open);
  EXPECT_TRUE(silent[1]->open);
  const auto supplanted = static_cast<std::size_t>(UpgradeFailure::supplanted);
  EXPECT_EQ(busy.swarm->counters().handshake_failed_inbound[supplanted].value(), 1U);

  TestNode honest(network, shard, "/ip4/10.0.0.2/tcp/4001");
  EXPECT_TRUE(honest.connect(busy));
}

}  // namespace
}  // namespace mexport::libp2p::test
