// SPDX-License-Identifier: MIT
#include "libp2p/swarm.hpp"

#include "libp2p/dial_error.hpp"
#include "libp2p/identify/identify.hpp"
#include "libp2p/multistream/error.hpp"
#include "libp2p/ping/ping.hpp"
#include "tests/unit/libp2p/fakes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mexport::libp2p::test {
namespace {

constexpr std::array<std::string_view, 1> kEcho{"/test/echo/1.0.0"};

/// Sends back what comes, and closes when the peer does.
class Echo final : public StreamHandler {
 public:
  void on_data(Stream& stream, base::ByteView data) override {
    static_cast<void>(stream.write(data));
    stream.consume(data.size());
  }
  void on_remote_close(Stream& stream) override { stream.close_write(); }
  void on_reset(Stream&, StreamCode) override {}
};

/// Keeps what comes in a place that outlives the stream.
struct Heard {
  std::string data;
  bool closed = false;
  std::optional<StreamCode> reset;
};
class Listen final : public StreamHandler {
 public:
  explicit Listen(Heard& heard) : heard_(heard) {}
  void on_data(Stream& stream, base::ByteView data) override {
    heard_.data += base::as_text(data);
    stream.consume(data.size());
  }
  void on_remote_close(Stream&) override { heard_.closed = true; }
  void on_reset(Stream&, StreamCode code) override { heard_.reset = code; }

 private:
  Heard& heard_;
};

class SwarmTest : public ::testing::Test {
 protected:
  FakeNetwork network;
  FakeShard shard;
  TestNode alice{network, shard, "/ip4/10.0.0.1/tcp/4001"};
  TestNode bob{network, shard, "/ip4/10.0.0.2/tcp/4001"};

  void serve_echo(TestNode& node) {
    node.swarm->protocols().add(std::string(kEcho[0]),
                                [](Stream&, std::string_view) { return std::make_unique<Echo>(); });
  }
};

TEST(CloseCodes, AreNamedByTheirNumbers) {
  EXPECT_EQ(to_string(close_code(0)), "none");
  EXPECT_EQ(to_string(close_code(2)), "yamux_internal_error");
  EXPECT_EQ(to_string(close_code(3)), "other");
  EXPECT_EQ(to_string(close_code(0x0fff)), "other");
  EXPECT_EQ(to_string(close_code(0x1000)), "protocol_negotiation_failed");
  EXPECT_EQ(to_string(close_code(0x1007)), "gated");
  EXPECT_EQ(to_string(close_code(0x1008)), "other");
  EXPECT_EQ(to_string(close_code(0xffffffff)), "other");
}

TEST_F(SwarmTest, ConnectsAndIdentifiesBothWays) {
  const auto connection = alice.connect(bob);
  ASSERT_TRUE(connection) << connection.error().message();
  ASSERT_EQ(alice.events.connected.size(), 1U);
  ASSERT_EQ(bob.events.connected.size(), 1U);

  const auto& info = (*connection)->info();
  EXPECT_EQ(info.peer, bob.id());
  EXPECT_EQ(info.direction, Direction::outbound);
  EXPECT_EQ(info.remote, bob.listen_addr);
  EXPECT_EQ(info.security, "noise");
  EXPECT_EQ(info.key_type, "ed25519");
  EXPECT_EQ(bob.events.connected[0]->info().direction, Direction::inbound);

  ASSERT_EQ(alice.events.identified.size(), 1U);
  ASSERT_EQ(bob.events.identified.size(), 1U);
  const auto& result = alice.events.identified[0];
  EXPECT_EQ(result.cause, IdentifyCause::initial);
  EXPECT_EQ(*result.agent_version, "test/1");
  EXPECT_EQ(result.observed_addr, "/ip4/10.0.0.1/tcp/4001");
  EXPECT_TRUE((*connection)->speaks(identify::kProtocol));
  EXPECT_TRUE((*connection)->speaks(ping::kProtocol));
  EXPECT_FALSE((*connection)->speaks(kEcho[0]));
}

TEST_F(SwarmTest, CarriesAStreamBothWays) {
  serve_echo(bob);
  Connection& connection = **alice.connect(bob);
  Heard heard;
  std::string agreed;
  shard.run([&] {
    const auto stream = connection.open_stream(
        {.protocols = kEcho,
         .handler = std::make_unique<Listen>(heard),
         .on_negotiated = [&](Stream& s, base::Result<std::string_view> protocol) {
           agreed = protocol.value();
           ASSERT_TRUE(s.write(base::as_bytes("hello")));
           s.close_write();
         }});
    ASSERT_TRUE(stream);
  });
  EXPECT_EQ(agreed, kEcho[0]);
  EXPECT_EQ(heard.data, "hello");
  EXPECT_TRUE(heard.closed);
  EXPECT_EQ(connection.stream_count(), 0U);
}

TEST_F(SwarmTest, OpensAStreamLazily) {
  serve_echo(bob);
  Connection& connection = **alice.connect(bob);
  Heard heard;
  shard.run([&] {
    const auto stream = connection.open_stream({.protocols = kEcho,
                                                .handler = std::make_unique<Listen>(heard),
                                                .form = multistream::Form::lazy});
    ASSERT_TRUE(stream);
    ASSERT_TRUE((*stream)->write(base::as_bytes("at once")));
    (*stream)->close_write();
  });
  EXPECT_EQ(heard.data, "at once");
}

TEST_F(SwarmTest, EveryFragmentationWorks) {
  network.chunk = 1;
  serve_echo(bob);
  const auto connection = alice.connect(bob);
  ASSERT_TRUE(connection);
  EXPECT_EQ(alice.events.identified.size(), 1U);
  EXPECT_EQ(bob.events.identified.size(), 1U);
}

TEST_F(SwarmTest, UnknownProtocolIsRefused) {
  Connection& connection = **alice.connect(bob);
  Heard heard;
  std::error_code error;
  shard.run([&] {
    static_cast<void>(connection.open_stream(
        {.protocols = kEcho,
         .handler = std::make_unique<Listen>(heard),
         .on_negotiated = [&](Stream&, base::Result<std::string_view> protocol) {
           error = protocol.error();
         }}));
  });
  EXPECT_EQ(error, multistream::Error::refused);
  EXPECT_EQ(alice.swarm->counters().stream_negotiation_failed.value(), 1U);
  EXPECT_EQ(alice.events.disconnected.size(), 0U);
}

TEST_F(SwarmTest, CloseTellsThePeerWhy) {
  Connection& connection = **alice.connect(bob);
  const auto id = connection.id();
  shard.run([&] { connection.close(ConnectionCode::garbage_collected); });

  ASSERT_EQ(alice.events.disconnected.size(), 1U);
  EXPECT_EQ(alice.events.disconnected[0].id, id);
  EXPECT_EQ(alice.events.disconnected[0].info.by, ClosedBy::local);
  EXPECT_EQ(alice.events.disconnected[0].info.code, 0x1005U);
  ASSERT_EQ(bob.events.disconnected.size(), 1U);
  const auto& heard = bob.events.disconnected[0].info;
  EXPECT_EQ(heard.by, ClosedBy::remote);
  EXPECT_EQ(heard.reason, CloseReason::go_away);
  EXPECT_EQ(heard.code, 0x1005U);
  EXPECT_EQ(bob.swarm->counters().connections_inbound.value(), 0U);
}

TEST_F(SwarmTest, AResetIsAnOrdinaryEnd) {
  alice.connect(bob).value();
  shard.run([&] { raw_of(network.ends[0])->abort(); });
  ASSERT_EQ(bob.events.disconnected.size(), 1U);
  EXPECT_EQ(bob.events.disconnected[0].info.by, ClosedBy::remote);
  EXPECT_EQ(bob.events.disconnected[0].info.reason, CloseReason::reset);
  EXPECT_FALSE(bob.events.disconnected[0].info.code);
}

TEST_F(SwarmTest, StreamsHearOfTheEndBeforeTheOwner) {
  serve_echo(bob);
  Connection& connection = **alice.connect(bob);
  Heard heard;
  bool heard_before = false;
  shard.run([&] {
    static_cast<void>(
        connection.open_stream({.protocols = kEcho, .handler = std::make_unique<Listen>(heard)}));
  });
  alice.events.when_disconnected = [&](Connection&) { heard_before = heard.reset.has_value(); };
  shard.run([&] { raw_of(network.ends[1])->close(); });
  EXPECT_TRUE(heard_before);
}

TEST_F(SwarmTest, AnIdleConnectionIsKeptAliveAndASilentOneLost) {
  alice.connect(bob).value();
  shard.advance(10min);
  EXPECT_TRUE(alice.events.disconnected.empty());
  // Whoever is the first to ask spares the other the question.
  EXPECT_TRUE(alice.events.connected[0]->latency() || bob.events.connected[0]->latency());

  // Bob's answers no longer come through.
  network.ends[1]->stuck = true;
  shard.advance(45s);
  ASSERT_EQ(alice.events.disconnected.size(), 1U);
  EXPECT_EQ(alice.events.disconnected[0].info.by, ClosedBy::error);
  EXPECT_EQ(alice.events.disconnected[0].info.reason, CloseReason::keep_alive);
}

TEST_F(SwarmTest, GarbageAfterTheHandshakeEndsTheConnectionAlone) {
  alice.connect(bob).value();
  TestNode carol(network, shard, "/ip4/10.0.0.3/tcp/4001");
  carol.connect(bob).value();
  shard.run([&] {
    base::append(network.ends[1]->inbox, base::Bytes(100, 0));
    FakeRawConnection::wake(network.ends[1]);
  });
  ASSERT_EQ(bob.events.disconnected.size(), 1U);
  EXPECT_EQ(bob.events.disconnected[0].info.reason, CloseReason::decrypt_failed);
  EXPECT_EQ(bob.events.connected.size(), 1U);
}

TEST_F(SwarmTest, SilentStreamNegotiationTimesOut) {
  Connection& connection = **alice.connect(bob);
  network.ends[0]->stuck = true;
  std::error_code error;
  shard.run([&] {
    static_cast<void>(connection.open_stream(
        {.protocols = kEcho,
         .handler = std::make_unique<Echo>(),
         .on_negotiated = [&](Stream&, base::Result<std::string_view> protocol) {
           error = protocol.error();
         }}));
  });
  shard.advance(9s);
  EXPECT_FALSE(error);
  shard.advance(1s);
  EXPECT_TRUE(error);
  EXPECT_EQ(alice.swarm->counters().stream_negotiation_timeout.value(), 1U);
}

TEST_F(SwarmTest, StopClosesEverythingWithTheShutdownCode) {
  alice.connect(bob).value();
  shard.run([&] { alice.swarm->stop(); });
  EXPECT_TRUE(alice.swarm->stopped());
  ASSERT_EQ(bob.events.disconnected.size(), 1U);
  EXPECT_EQ(bob.events.disconnected[0].info.code, 0x1006U);

  EXPECT_EQ(bob.connect(alice).error(), DialError::not_upgraded);
  EXPECT_EQ(alice.connect(bob).error(), DialError::stopped);
}

TEST_F(SwarmTest, OutputOfOneWakeUpGoesOutInOneWrite) {
  serve_echo(bob);
  Connection& connection = **alice.connect(bob);
  const auto before = network.ends[0]->writes;
  shard.run([&] {
    for (int i = 0; i < 20; ++i) {
      static_cast<void>(
          connection.open_stream({.protocols = kEcho, .handler = std::make_unique<Echo>()}));
    }
    EXPECT_EQ(network.ends[0]->writes, before);
  });
  EXPECT_LE(network.ends[0]->writes, before + 2);  // the streams, and what the answers caused
}

TEST_F(SwarmTest, SnapshotTellsAddressesOfAllConnectionsToAPeer) {
  Connection& first = **alice.connect(bob);
  EXPECT_EQ(first.peer_snapshot()->connection_count(), 1U);
  EXPECT_EQ(*first.peer_snapshot()->addresses, std::vector<std::string>{"/ip4/10.0.0.2/tcp/4001"});
  EXPECT_EQ(*first.peer_snapshot()->agent_version, "test/1");
}

TEST(SwarmCounters, AreListedByName) {
  FakeNetwork network;
  FakeShard shard;
  TestNode alice(network, shard, "/ip4/10.0.0.1/tcp/4001");
  TestNode bob(network, shard, "/ip4/10.0.0.2/tcp/4001");
  alice.connect(bob).value();
  std::map<std::string, std::uint64_t> counters;
  for (const auto& [name, value] : alice.swarm->counters().list()) {
    EXPECT_TRUE(counters.emplace(name, value).second) << name;
  }
  EXPECT_EQ(counters.at("connected"), 1U);
  EXPECT_EQ(counters.at("identify_completed"), 1U);
  EXPECT_EQ(counters.at("handshake_failed_inbound_timeout"), 0U);
}

}  // namespace
}  // namespace mexport::libp2p::test
