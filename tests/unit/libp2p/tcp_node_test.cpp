// SPDX-License-Identifier: MIT
#include "libp2p/dial_error.hpp"
#include "libp2p/identify/identify.hpp"
#include "libp2p/tcp/socket.hpp"
#include "tests/unit/libp2p/tcp_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace mexport::libp2p::test {
namespace {

constexpr std::array<std::string_view, 1> kSink{"/test/sink/1.0.0"};

class CountingSink final : public StreamHandler {
 public:
  CountingSink(std::size_t& total, std::promise<void>& closed) : total_(total), closed_(closed) {}
  void on_data(Stream& stream, base::ByteView data) override {
    total_ += data.size();
    stream.consume(data.size());
  }
  void on_remote_close(Stream& stream) override {
    stream.close_write();
    closed_.set_value();
  }
  void on_reset(Stream&, StreamCode) override {}

 private:
  std::size_t& total_;
  std::promise<void>& closed_;
};

/// Writes so many bytes as fast as the peer takes them.
class Source final : public StreamHandler {
 public:
  explicit Source(std::size_t size) : left_(size) {}
  void pump(Stream& stream) {
    const base::Bytes piece(256 * 1024, 7);
    while (left_ > 0 && stream.pending_write() == 0) {
      const auto size = std::min(left_, piece.size());
      if (!stream.write(base::ByteView(piece).first(size))) return;
      left_ -= size;
    }
    if (left_ == 0) stream.close_write();
  }
  void on_data(Stream&, base::ByteView) override {}
  void on_remote_close(Stream&) override {}
  void on_reset(Stream&, StreamCode) override {}
  void on_drained(Stream& stream) override { pump(stream); }

 private:
  std::size_t left_;
};

TEST(TcpNode, TwoNodesConnectAndIdentifyEachOther) {
  TcpNode alice;
  TcpNode bob(2);
  alice.start();
  bob.start();
  ASSERT_TRUE(alice.dial(bob.identity.peer_id(), bob.listener->local()));
  ASSERT_TRUE(bob.events.wait_connected(1));
  ASSERT_TRUE(alice.events.wait_identified(1));
  ASSERT_TRUE(bob.events.wait_identified(1));
  alice.shards[0]->run([&] {
    EXPECT_EQ(*alice.events.last_result.agent_version, "tcp-test/1");
    EXPECT_EQ(alice.events.last->info().transport, "tcp");
    EXPECT_EQ(alice.events.last->info().remote, bob.listener->local());
  });
}

TEST(TcpNode, DialsFromItsListeningPort) {
  TcpNode alice;
  TcpNode bob;
  alice.start();
  bob.start();
  ASSERT_TRUE(alice.dial(bob.identity.peer_id(), bob.listener->local()));
  ASSERT_TRUE(bob.events.wait_connected(1));
  bob.shards[0]->run([&] { EXPECT_EQ(bob.events.last->info().remote, alice.listener->local()); });

  // The same pair of ports is taken: the next one leaves from another port.
  TcpNode carol;
  carol.start();
  EXPECT_TRUE(alice.dial(carol.identity.peer_id(), carol.listener->local()));
}

TEST(TcpNode, APortThatIsHeldIsAnErrorEvenWhileItIsShared) {
  TcpNode alice;
  TcpNode bob;
  alice.start();
  bob.start();
  const auto taken = alice.listener->local().to_string();
  EXPECT_EQ(bob.listen(taken).error(), std::errc::address_in_use);
  ASSERT_TRUE(alice.dial(bob.identity.peer_id(), bob.listener->local()));
  EXPECT_EQ(bob.listen(taken).error(), std::errc::address_in_use);
}

TEST(TcpNode, NobodyThereIsRefused) {
  TcpNode alice;
  TcpNode bob;
  alice.start();
  bob.start();
  const auto gone = bob.listener->local();
  bob.shards[0]->run([&] { bob.listener.reset(); });
  EXPECT_EQ(alice.dial(bob.identity.peer_id(), gone).error(), DialError::refused);
}

TEST(TcpNode, SomebodyElseThereIsTheWrongPeer) {
  TcpNode alice;
  TcpNode bob;
  alice.start();
  bob.start();
  const auto other = PeerIdentity::generate().value();
  EXPECT_EQ(alice.dial(other.peer_id(), bob.listener->local()).error(), DialError::wrong_peer);
}

TEST(TcpNode, CarriesMuchDataUnderFlowControl) {
  constexpr std::size_t kSize = 20 << 20;
  TcpNode alice;
  TcpNode bob;
  std::size_t total = 0;
  std::promise<void> closed;
  bob.swarms[0]->protocols().add(std::string(kSink[0]), [&](Stream&, std::string_view) {
    return std::make_unique<CountingSink>(total, closed);
  });
  alice.start();
  bob.start();
  ASSERT_TRUE(alice.dial(bob.identity.peer_id(), bob.listener->local()));
  alice.shards[0]->run([&] {
    auto source = std::make_unique<Source>(kSize);
    Source& pump = *source;
    ASSERT_TRUE(alice.events.last->open_stream(
        {.protocols = kSink,
         .handler = std::move(source),
         .on_negotiated = [&pump](Stream& stream, auto) { pump.pump(stream); }}));
  });
  ASSERT_EQ(closed.get_future().wait_for(30s), std::future_status::ready);
  bob.shards[0]->run([&] { EXPECT_EQ(total, kSize); });
}

TEST(TcpNode, StopTellsPeersWhyAndStartsAgain) {
  TcpNode bob;
  bob.start();
  {
    TcpNode alice(2);
    alice.start();
    ASSERT_TRUE(alice.dial(bob.identity.peer_id(), bob.listener->local()));
    ASSERT_TRUE(bob.events.wait_identified(1));
  }
  ASSERT_TRUE(bob.events.wait_disconnected(1));
  bob.shards[0]->run([&] { EXPECT_EQ(bob.events.last_close.code, 0x1006U); });
  bob.shards[0]->stop();
  bob.shards[0]->start();
  TcpNode carol;
  carol.start();
  EXPECT_TRUE(carol.dial(bob.identity.peer_id(), bob.listener->local()));
}

bool loopback_has_ipv6() {
  const tcp::Descriptor probe(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in6 address{.sin6_family = AF_INET6,
                             .sin6_port = 0,
                             .sin6_flowinfo = 0,
                             .sin6_addr = in6addr_loopback,
                             .sin6_scope_id = 0};
  return probe.get() >= 0 &&
         ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

TEST(TcpNode, ListensOnIpv6Alone) {
  TcpNode six;
  for (const auto& shard : six.shards) shard->start();
  auto listener = six.listen("/ip6/::1/tcp/0");
  ASSERT_EQ(listener.has_value(), loopback_has_ipv6());
  if (!listener) return;  // a machine without IPv6: refused, and nothing else happened
  const auto port = (*listener)->local().tcp_address()->port;
  TcpNode four;
  four.start("/ip4/127.0.0.1/tcp/" + std::to_string(port));
  EXPECT_TRUE(four.dial(six.identity.peer_id(), (*listener)->local()));
  six.shards[0]->run([&] { listener->reset(); });
}

}  // namespace
}  // namespace mexport::libp2p::test
