// SPDX-License-Identifier: MIT
#include "capi/foreign_host.hpp"

#include "tests/unit/capi/batch.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <condition_variable>
#include <mutex>

namespace mexport::capi {
namespace {

using namespace mexport::capi::testing;
using monitor::EventKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;

class KeepingSink final : public monitor::ObservationSink {
 public:
  void submit(monitor::Fact&& fact) noexcept override { facts.push_back(std::move(fact)); }
  void lost(EventKind kind, std::uint64_t count, base::SteadyTime) noexcept override {
    losses.emplace_back(kind, count);
  }
  void begin_batch(base::SteadyTime) noexcept override { ++batches; }
  void end_batch() noexcept override { --batches; }

  template <class Fact>
  std::vector<Fact> of() const {
    std::vector<Fact> found;
    for (const auto& fact : facts) {
      if (const auto* one = std::get_if<Fact>(&fact)) found.push_back(*one);
    }
    return found;
  }

  std::vector<monitor::Fact> facts;
  std::vector<std::pair<EventKind, std::uint64_t>> losses;
  int batches = 0;
};

/// Waits for the end of an ask.
class Listener final : public monitor::AskListener {
 public:
  bool abandoned() const override { return false; }
  void on_peer(monitor::PeerReport&& report) override { reports.push_back(std::move(report)); }
  void on_answer(monitor::PeerAnswer&& answer) override { answers.push_back(std::move(answer)); }
  void on_done(bool) override {
    const std::lock_guard lock(mutex_);
    done_ = true;
    news_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, std::chrono::seconds(20), [&] { return done_; });
  }

  std::vector<monitor::PeerReport> reports;
  std::vector<monitor::PeerAnswer> answers;

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  bool done_ = false;
};

class ForeignHostTest : public ::testing::Test {
 protected:
  ForeignHostTest() { make({}); }

  void make(monitor::Privacy::Options privacy) {
    host.reset();
    HostOptions options{.identity = {.peer_id = peer(99).to_string(),
                                     .listen_addrs = {"/ip4/192.0.2.9/tcp/4001"},
                                     .agent_version = "kubo/0.43.0/"},
                        .probe = true,
                        .asker = {}};
    options.asker.ready_after = std::chrono::milliseconds(0);
    host = std::make_unique<ForeignHost>(
        ForeignHost::Parts{.clock = clock,
                           .privacy = std::make_shared<const monitor::Privacy>(privacy),
                           .sink = sink,
                           .commands = commands,
                           .log = {}},
        std::move(options));
  }
  std::int64_t now() const { return clock.wall_now().time_since_epoch().count(); }
  void take(const std::vector<base::Bytes>& records) {
    auto decoded = decode_batch(joined(records));
    ASSERT_TRUE(decoded) << decoded.error().what;
    host->take(std::move(*decoded));
  }
  /// "" when none comes.
  boost::json::object command() {
    std::vector<char> buffer(1 << 16);
    const auto next = commands.next(buffer.data(), buffer.size(), std::chrono::seconds(10));
    return boost::json::parse({buffer.data(), next.size}).as_object();
  }
  std::uint64_t counted(const std::string& name) { return host->statistics().counters.at(name); }

  base::SystemClock clock;
  KeepingSink sink;
  CommandQueue commands;
  std::unique_ptr<ForeignHost> host;
};

TEST_F(ForeignHostTest, AMessageHasThePeersAddressesAndAgent) {
  take({connected(1, "a", now()), connected(1, "b", now(), 0, "/ip4/192.0.2.2/udp/1/quic-v1"),
        identified("a", "kubo/1", now()), message(1, want_body(5), now())});
  const auto messages = sink.of<monitor::BitswapMessageReceived>();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].connection->peer, peer(1));
  EXPECT_EQ(messages[0].connection->remote, "/ip4/192.0.2.1/tcp/4001") << "the oldest";
  EXPECT_THAT(*messages[0].connected_addresses,
              ElementsAre("/ip4/192.0.2.1/tcp/4001", "/ip4/192.0.2.2/udp/1/quic-v1"));
  EXPECT_EQ(*messages[0].agent_version, "kubo/1");
  EXPECT_EQ(messages[0].size, 4711U);
  EXPECT_FALSE(messages[0].stream);
  EXPECT_EQ(sink.batches, 0) << "each begun batch ended";
  EXPECT_EQ(counted("bitswap_messages"), 1U);
  EXPECT_EQ(host->statistics().wants_by_agent_family.at("kubo"), 1U);
}

TEST_F(ForeignHostTest, ConnectionsOpenAndClose) {
  take({connected(1, "a", now()), connected(1, "b", now()), disconnected("a", now()),
        disconnected("b", now())});
  const auto opened = sink.of<monitor::Connected>();
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_EQ(opened[0].peer_connections, 1U);
  EXPECT_EQ(opened[1].peer_connections, 2U);
  EXPECT_EQ(opened[0].connection->security, "noise");
  const auto closed = sink.of<monitor::Disconnected>();
  ASSERT_EQ(closed.size(), 2U);
  EXPECT_EQ(closed[0].connection, opened[0].connection);
  EXPECT_EQ(closed[0].peer_connections, 1U);
  EXPECT_FALSE(closed[0].closed_by);
  EXPECT_EQ(host->census().peers, 0U);
}

TEST_F(ForeignHostTest, TimesNeverGoBack) {
  take({connected(1, "a", now()), message(1, want_body(1), now() - 5'000'000'000),
        message(1, want_body(2), now() + 1'000'000'000'000)});
  ASSERT_EQ(sink.facts.size(), 3U);
  for (std::size_t i = 1; i < sink.facts.size(); ++i) {
    EXPECT_LE(time_of(sink.facts[i - 1]), time_of(sink.facts[i]));
  }
  EXPECT_LE(time_of(sink.facts[2]), clock.now()) << "the future is now";
}

TEST_F(ForeignHostTest, WhatHasNoConnectionIsCounted) {
  take({message(1, want_body(5), now()), disconnected("x", now()), connected(1, "a", now()),
        connected(2, "a", now())});
  EXPECT_TRUE(sink.of<monitor::BitswapMessageReceived>().empty());
  EXPECT_EQ(counted("host_messages_without_connection"), 1U);
  EXPECT_EQ(counted("host_unknown_connections"), 1U);
  EXPECT_EQ(counted("host_repeated_connections"), 1U);
  EXPECT_EQ(host->census().peers, 1U);
}

TEST_F(ForeignHostTest, LossesOfTheHostArePassedOn) {
  take({RecordWriter(MEXPORT_RECORD_LOST, 0, now()).u8(MEXPORT_RECORD_MESSAGE).u64(3).done(),
        RecordWriter(MEXPORT_RECORD_LOST, 0, now()).u8(MEXPORT_RECORD_STREAMS).u64(2).done()});
  EXPECT_THAT(sink.losses, ElementsAre(Pair(EventKind::bitswap_message, 3U)));
  EXPECT_EQ(counted("host_records_lost"), 5U);
}

TEST_F(ForeignHostTest, SamplesAreCounted) {
  take({connected(1, "a", now()), connected(2, "b", now(), MEXPORT_FLAG_OUTBOUND),
        RecordWriter(MEXPORT_RECORD_PEERS, 0, now())
            .u32(2)
            .peer(1)
            .i64(7'000'000)
            .text("kubo/1")
            .u32(1)
            .text("/ipfs/kad/1.0.0")
            .peer(5)
            .i64(0)
            .text("gone")
            .u32(0)
            .done(),
        RecordWriter(MEXPORT_RECORD_STREAMS, 0, now()).u32(1).text("/a").u32(4).u32(5).done()});
  const auto statistics = host->statistics();
  EXPECT_EQ(statistics.connections_inbound, 1U);
  EXPECT_EQ(statistics.connections_outbound, 1U);
  EXPECT_EQ(statistics.streams_by_protocol.at("/a").inbound, 4U);
  const auto census = host->census();
  EXPECT_EQ(census.peers, 2U);
  EXPECT_THAT(census.agent_versions, Contains(Pair("kubo/1", 1U)));
  EXPECT_THAT(census.protocols, ElementsAre(Pair("/ipfs/kad/1.0.0", 1U)));
  EXPECT_THAT(census.transports, ElementsAre(Pair("/ip4/tcp", 2U)));
  const auto cursor = host->peers();
  EXPECT_EQ(cursor->connections(), 2U);
  std::vector<monitor::PeerView> views;
  ASSERT_TRUE(cursor->next(views));
  EXPECT_EQ(views.size(), 2U);
  const auto& first = views[0].peer == peer(1) ? views[0] : views[1];
  EXPECT_EQ(first.latency, std::chrono::milliseconds(7));
  EXPECT_FALSE(cursor->next(views));
}

TEST_F(ForeignHostTest, WhatItServedIsAnEvent) {
  const auto body = base::Bytes{0x0a, 0x00};
  auto record = RecordWriter(MEXPORT_RECORD_MESSAGE_SENT, 0, now());
  record.peer(1).u8(0).u32(9).u32(1).bytes(cid(7)).u32(100).long_bytes(body);
  take({connected(1, "a", now()), record.done()});
  const auto sent = sink.of<monitor::BitswapSent>();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(std::get<monitor::Served>(sent[0].content).reply.blocks.size(), 1U);
  EXPECT_FALSE(sent[0].protocol);
  EXPECT_EQ(counted("bitswap_served_block_bytes"), 100U);
}

TEST_F(ForeignHostTest, PeersAreAskedByCommands) {
  take({connected(1, "a", now()), identified("a", "kubo/1", now())});
  const auto listener = std::make_shared<Listener>();
  monitor::Ask ask{.request = 3, .kind = monitor::AskKind::want, .cids = {}};
  ask.cids.push_back(*multiformats::Cid::from_bytes(cid(5)));
  ASSERT_TRUE(host->ask(ask, listener));
  const auto message_command = command();
  EXPECT_EQ(message_command.at("command").as_string(), "message");
  EXPECT_EQ(message_command.at("frames").as_array().size(), 4U);
  const auto send = command();
  EXPECT_EQ(send.at("peer").as_string(), peer(1).to_string());
  EXPECT_EQ(send.at("message"), message_command.at("message"));
  take({RecordWriter(MEXPORT_RECORD_SENT, 0, now())
            .u64(send.at("send").to_number<std::uint64_t>())
            .u8(MEXPORT_BITSWAP_1_2_0)
            .i64(now())
            .i64(1000)
            .text("")
            .done()});
  ASSERT_TRUE(listener->wait());
  ASSERT_EQ(listener->reports.size(), 1U);
  EXPECT_EQ(listener->reports[0].peer, peer(1).to_string());
  EXPECT_EQ(listener->reports[0].want.error, "");
  EXPECT_EQ(listener->reports[0].want.want_type, wire::WantType::have);
  EXPECT_EQ(sink.of<monitor::BitswapSent>().size(), 1U);
  wire::BitswapMessageWriter have(wire::BitswapProtocol::v1_2_0);
  have.add_presence(cid(5), wire::BlockPresence::have);
  auto body = have.frame();
  body.erase(body.begin());
  take({message(1, body, now())});
  ASSERT_EQ(listener->answers.size(), 1U);
  EXPECT_EQ(sink.of<monitor::BitswapMessageReceived>().at(0).answer_to,
            std::vector<std::uint64_t>{3});
  sink.facts.clear();  // which hold the wantlist
  take({disconnected("a", now())});
  EXPECT_EQ(command().at("command").as_string(), "forget");
}

TEST_F(ForeignHostTest, ARelayedConnectionIsNotAskedOver) {
  take({connected(1, "a", now(), MEXPORT_FLAG_RELAYED), identified("a", "kubo/1", now())});
  const auto listener = std::make_shared<Listener>();
  monitor::Ask ask;
  ask.cids.push_back(*multiformats::Cid::from_bytes(cid(5)));
  ASSERT_TRUE(host->ask(ask, listener));
  ASSERT_TRUE(listener->wait());
  EXPECT_TRUE(listener->reports.empty());
}

TEST_F(ForeignHostTest, ExcludedPeersAreNotRecorded) {
  make({.addresses = {}, .peer_key = {}, .excluded_peers = {peer(1)}, .excluded_subnets = {}});
  take({connected(1, "a", now()), message(1, want_body(1), now()), disconnected("a", now())});
  EXPECT_TRUE(sink.facts.empty());
  EXPECT_EQ(counted("excluded_messages"), 1U);
  std::vector<monitor::PeerView> views;
  host->peers()->next(views);
  EXPECT_TRUE(views.empty());
}

TEST_F(ForeignHostTest, AStopEndsWhatIsUnderWay) {
  take({connected(1, "a", now()), identified("a", "kubo/1", now())});
  const auto listener = std::make_shared<Listener>();
  monitor::Ask ask{.request = 1,
                   .kind = monitor::AskKind::want_cancel,
                   .cids = {},
                   .cancel_after = std::chrono::seconds(100)};
  ask.cids.push_back(*multiformats::Cid::from_bytes(cid(5)));
  ASSERT_TRUE(host->ask(ask, listener));
  command();
  command();
  host->stop();
  EXPECT_TRUE(listener->wait());
  EXPECT_EQ(command().at("command").as_string(), "message") << "the CANCEL that is owed";
  EXPECT_EQ(command().at("command").as_string(), "send");
  EXPECT_FALSE(host->ask(ask, listener));
}

}  // namespace
}  // namespace mexport::capi
