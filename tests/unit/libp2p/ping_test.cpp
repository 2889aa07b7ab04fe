// SPDX-License-Identifier: MIT
#include "libp2p/ping/ping.hpp"

#include "tests/unit/libp2p/fakes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mexport::libp2p::test {
namespace {

constexpr std::array<std::string_view, 1> kPing{ping::kProtocol};

struct Echoed {
  std::size_t bytes = 0;
  bool closed = false;
  std::optional<StreamCode> reset;
};
class Count final : public StreamHandler {
 public:
  explicit Count(Echoed& echoed) : echoed_(echoed) {}
  void on_data(Stream& stream, base::ByteView data) override {
    echoed_.bytes += data.size();
    stream.consume(data.size());
  }
  void on_remote_close(Stream&) override { echoed_.closed = true; }
  void on_reset(Stream&, StreamCode code) override { echoed_.reset = code; }

 private:
  Echoed& echoed_;
};

class PingTest : public ::testing::Test {
 protected:
  FakeNetwork network;
  FakeShard shard;
  TestNode alice{network, shard, "/ip4/10.0.0.1/tcp/4001"};
  TestNode bob{network, shard, "/ip4/10.0.0.2/tcp/4001"};
  Echoed echoed;

  Stream* open() {
    alice.connect(bob).value();
    Stream* stream = nullptr;
    shard.run([&] {
      stream = alice.events.connected[0]
                   ->open_stream({.protocols = kPing, .handler = std::make_unique<Count>(echoed)})
                   .value();
    });
    return stream;
  }
};

TEST_F(PingTest, MeasuresTheRoundTrip) {
  Connection& connection = **alice.connect(bob);
  EXPECT_FALSE(connection.latency());
  shard.run([&] { alice.swarm->ping(connection); });
  EXPECT_TRUE(connection.latency());
  EXPECT_EQ(bob.swarm->counters().ping_answered.value(), 1U);
  EXPECT_EQ(connection.stream_count(), 0U);
}

TEST_F(PingTest, EchoesUntilThePeerHasEnough) {
  Stream* stream = open();
  for (int i = 0; i < 3; ++i) {
    shard.run([&] { EXPECT_TRUE(stream->write(base::Bytes(32, 1))); });
  }
  EXPECT_EQ(echoed.bytes, 96U);
  shard.run([&] { stream->close_write(); });
  EXPECT_TRUE(echoed.closed);
}

TEST_F(PingTest, AnIdleStreamEndsAfterAMinute) {
  Stream* stream = open();
  shard.advance(50s);
  shard.run([&] { EXPECT_TRUE(stream->write(base::Bytes(32, 1))); });
  shard.advance(59s);
  EXPECT_FALSE(echoed.reset);
  shard.advance(1s);
  EXPECT_TRUE(echoed.reset);
  EXPECT_EQ(bob.swarm->counters().ping_refused.value(), 1U);
  EXPECT_EQ(bob.events.disconnected.size(), 0U);
}

TEST_F(PingTest, AnUnansweredPingGoesAway) {
  bob.swarm->protocols().add(std::string(ping::kProtocol), [this](Stream&, std::string_view) {
    return std::make_unique<Count>(echoed);
  });
  Connection& connection = **alice.connect(bob);
  shard.run([&] { alice.swarm->ping(connection); });
  EXPECT_EQ(connection.stream_count(), 1U);
  shard.advance(10s);
  EXPECT_EQ(connection.stream_count(), 0U);
  EXPECT_FALSE(connection.latency());
}

TEST_F(PingTest, AWrongEchoDoesNotCount) {
  class Liar final : public StreamHandler {
   public:
    void on_data(Stream& stream, base::ByteView data) override {
      stream.consume(data.size());
      static_cast<void>(stream.write(base::Bytes(data.size(), 0)));
    }
    void on_remote_close(Stream&) override {}
    void on_reset(Stream&, StreamCode) override {}
  };
  bob.swarm->protocols().add(std::string(ping::kProtocol),
                             [](Stream&, std::string_view) { return std::make_unique<Liar>(); });
  Connection& connection = **alice.connect(bob);
  shard.run([&] { alice.swarm->ping(connection); });
  EXPECT_FALSE(connection.latency());
  EXPECT_EQ(connection.stream_count(), 0U);
}

TEST_F(PingTest, LatencyIsSmoothed) {
  Connection& connection = **alice.connect(bob);
  connection.record_rtt(100ms);
  connection.record_rtt(200ms);
  EXPECT_EQ(connection.latency(), 110ms);
}

}  // namespace
}  // namespace mexport::libp2p::test
