// SPDX-License-Identifier: MIT
#include "libp2p/tcp/tcp_connection.hpp"

#include "libp2p/tcp/interfaces.hpp"
#include "libp2p/tcp/port_sharing.hpp"
#include "libp2p/tcp/system_shard.hpp"
#include "libp2p/tcp/tcp_listener.hpp"
#include "libp2p/tcp/tcp_transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <future>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mexport::libp2p::tcp {
namespace {

using namespace std::chrono_literals;
using multiformats::Multiaddr;

Multiaddr addr(std::string_view text) {
  return Multiaddr::from_string(text).value();
}

/// Keeps what a raw connection tells; its fields are the shard's.
class Recorder final : public RawConnectionHandler {
 public:
  void on_bytes(base::MutableByteView bytes) override {
    base::append(received, bytes);
    std::ranges::fill(bytes, std::uint8_t{0});  // as a decryption would change them
    if (received.size() >= wanted) enough.set_value();
    if (received.size() >= wanted) wanted = SIZE_MAX;
  }
  void on_closed(std::error_code error) override { closed.set_value(error); }
  void on_drained() override { drained.set_value(); }

  base::Bytes received;
  std::size_t wanted = SIZE_MAX;
  std::promise<void> enough;
  std::promise<std::error_code> closed;
  std::promise<void> drained;
};

/// A connection of a shard, and a plain blocking socket at its other end.
class TcpConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    shard.start();
    Descriptor listening = open_socket({.bytes = {127, 0, 0, 1}}).value();
    const auto any = to_socket_address({.address = {.ip = {.bytes = {127, 0, 0, 1}}, .port = 0}});
    ASSERT_EQ(::bind(listening.get(), any.get(), any.size), 0);
    ASSERT_EQ(::listen(listening.get(), 1), 0);
    peer = Descriptor(::socket(AF_INET, SOCK_STREAM, 0));
    const auto target = to_socket_address({.address = local_address(listening.get())});
    ASSERT_EQ(::connect(peer.get(), target.get(), target.size), 0);
    Descriptor accepted(::accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK));
    ASSERT_GE(accepted.get(), 0);
    shard.run([&] {
      connection = TcpConnection::adopt(shard.loop(), std::move(accepted));
      connection->start(recorder);
    });
  }
  void TearDown() override {
    shard.run([&] { connection.reset(); });
    shard.stop();
  }
  std::string read_all() {
    std::string all;
    char piece[65536];
    for (ssize_t n = 0; (n = ::read(peer.get(), piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(n));
    return all;
  }
  void peer_writes(const base::Bytes& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const auto n = ::write(peer.get(), bytes.data() + at, bytes.size() - at);
      ASSERT_GT(n, 0);
      at += static_cast<std::size_t>(n);
    }
  }

  SystemShard shard;
  Recorder recorder;
  Descriptor peer;
  RawConnectionPtr connection;
};

TEST_F(TcpConnectionTest, TakesNothingWhileItIsNotRead) {
  shard.run([&] {
    connection->set_reading(false);
    recorder.wanted = 4;
  });
  auto enough = recorder.enough.get_future();
  peer_writes({1, 2, 3, 4});
  EXPECT_EQ(enough.wait_for(50ms), std::future_status::timeout);
  shard.run([&] { connection->write(base::Bytes{5}); });  // the other way goes on
  std::uint8_t got = 0;
  ASSERT_EQ(::read(peer.get(), &got, 1), 1);
  EXPECT_EQ(got, 5);
  shard.run([&] { connection->set_reading(true); });
  enough.wait();
}

TEST_F(TcpConnectionTest, HearsOfABreakWhileItIsNotRead) {
  shard.run([&] { connection->set_reading(false); });
  reset_at_close(peer.get());
  peer = Descriptor();
  EXPECT_EQ(recorder.closed.get_future().get(), std::errc::connection_reset);
}

TEST_F(TcpConnectionTest, ReceivesEverythingInOrder) {
  base::Bytes sent(1 << 20);
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<std::uint8_t>(i * 31 >> 3);
  shard.run([&] { recorder.wanted = sent.size(); });
  peer_writes(sent);
  recorder.enough.get_future().wait();
  shard.run([&] { EXPECT_EQ(recorder.received, sent); });
}

TEST_F(TcpConnectionTest, TellsBothEnds) {
  EXPECT_EQ(connection->remote(), Multiaddr::from_tcp(local_address(peer.get())));
  EXPECT_EQ(connection->local(), Multiaddr::from_tcp(remote_address(peer.get())));
}

TEST_F(TcpConnectionTest, AnOrderlyEndIsNoError) {
  peer = Descriptor();
  EXPECT_FALSE(recorder.closed.get_future().get());
}

TEST_F(TcpConnectionTest, AResetIsTold) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  peer = Descriptor();
  EXPECT_EQ(recorder.closed.get_future().get(), std::errc::connection_reset);
}

TEST_F(TcpConnectionTest, OneThatHasNoEndsAnyMoreIsToldAsClosed) {
  Recorder other;
  RawConnectionPtr ended;
  shard.run([&] {
    ended = TcpConnection::adopt(shard.loop(), open_socket({.bytes = {127, 0, 0, 1}}).value());
    ended->start(other);
  });
  EXPECT_EQ(other.closed.get_future().get(), std::errc::not_connected);
  shard.run([&] { ended.reset(); });
}

TEST_F(TcpConnectionTest, WhatTheKernelDoesNotTakeWaitsAndDrains) {
  const base::Bytes piece(256 * 1024, 'x');
  std::size_t written = 0;
  shard.run([&] {
    while (connection->pending_write() == 0) {
      connection->write(piece);
      written += piece.size();
    }
  });
  auto drained = recorder.drained.get_future();
  std::string received;
  char buffer[65536];
  while (received.size() < written) {
    const auto n = ::read(peer.get(), buffer, sizeof buffer);
    ASSERT_GT(n, 0);
    received.append(buffer, static_cast<std::size_t>(n));
  }
  EXPECT_EQ(drained.wait_for(10s), std::future_status::ready);
  shard.run([&] { EXPECT_EQ(connection->pending_write(), 0U); });
}

TEST_F(TcpConnectionTest, APeerThatNeverReadsIsCutOff) {
  shard.run([&] {
    const base::Bytes piece(1 << 20, 'x');
    for (int i = 0; i < 64; ++i) {
      connection->write(piece);
      EXPECT_LE(connection->pending_write(), kMaxPendingWrite);
    }
  });
  EXPECT_EQ(recorder.closed.get_future().get(), std::errc::no_buffer_space);
}

TEST_F(TcpConnectionTest, CloseSendsWhatWaitsEvenWhenReleased) {
  const base::Bytes piece(256 * 1024, 'y');
  std::size_t written = 0;
  shard.run([&] {
    while (connection->pending_write() == 0) {
      connection->write(piece);
      written += piece.size();
    }
    connection->close();
    connection.reset();
  });
  EXPECT_EQ(read_all().size(), written);
}

TEST_F(TcpConnectionTest, AbortIsImmediateAndSilent) {
  shard.run([&] { connection->abort(); });
  EXPECT_EQ(read_all(), "");
  shard.run([&] { connection->write(base::Bytes(10, 1)); });
  EXPECT_EQ(recorder.closed.get_future().wait_for(0s), std::future_status::timeout);
}

TEST(TcpEndpoint, IsReadFromAddressesOfItsForm) {
  EXPECT_EQ(endpoint_of(addr("/ip4/1.2.3.4/tcp/5"))->address,
            (multiformats::TcpAddress{.ip = {.bytes = {1, 2, 3, 4}}, .port = 5}));
  EXPECT_TRUE(endpoint_of(addr("/ip6zone/lo/ip6/fe80::1/tcp/5"))->scope > 0);
  EXPECT_FALSE(endpoint_of(addr("/ip6zone/no-such-zone/ip6/fe80::1/tcp/5")));
  EXPECT_FALSE(endpoint_of(addr("/ip4/1.2.3.4/udp/5")));
  EXPECT_FALSE(endpoint_of(addr("/ip4/1.2.3.4/tcp/5/ws")));
  EXPECT_FALSE(endpoint_of(addr("/dns4/example.org/tcp/5")));
  EXPECT_FALSE(endpoint_of(Multiaddr()));

  SystemShard shard;
  const TcpTransport transport(shard, nullptr);
  EXPECT_TRUE(transport.can_dial(addr("/ip4/1.2.3.4/tcp/5")));
  EXPECT_FALSE(transport.can_dial(addr("/ip4/1.2.3.4/tcp/0")));
  EXPECT_FALSE(transport.can_dial(addr("/ip4/1.2.3.4/tcp/5/ws")));
}

TEST(TcpEndpoint, SurvivesTheSystemsForm) {
  for (const auto* text : {"/ip4/192.0.2.7/tcp/4001", "/ip6/2001:db8::7/tcp/65535"}) {
    const auto endpoint = endpoint_of(addr(text)).value();
    EXPECT_EQ(from_socket_address(to_socket_address(endpoint)), endpoint.address) << text;
  }
}

TEST(ReachableAddresses, AreTheInterfacesOfTheFamily) {
  const auto bound = addr("/ip4/127.0.0.1/tcp/4001");
  EXPECT_EQ(reachable_addresses(bound), std::vector{bound});
  const auto all = reachable_addresses(addr("/ip4/0.0.0.0/tcp/4001"));
  EXPECT_NE(std::ranges::find(all, bound), all.end());
  for (const auto& one : all) EXPECT_EQ(one.tcp_address()->port, 4001);
}

TEST(TcpListener, RefusesWhatIsNotTcp) {
  SystemShard shard;
  EXPECT_FALSE(listen(addr("/ip4/127.0.0.1/udp/0"), {.home = shard, .targets = {}}));
  EXPECT_EQ(listen(addr("/ip4/192.0.2.1/tcp/0"), {.home = shard, .targets = {}}).error(),
            std::errc::address_not_available);
}

/// A listener on one shard that hands over to two.
class TcpListenerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (auto& shard : shards) shard.start();
    for (std::size_t i = 0; i < 2; ++i) {
      targets.push_back({&shards[i], [this, i](RawConnectionPtr raw) {
                           EXPECT_TRUE(shards[i].on_own_thread());
                           ++got[i];
                           raw.reset();
                         }});
    }
    shards[0].run([&] {
      listener = listen(addr("/ip4/127.0.0.1/tcp/0"), {.home = shards[0],
                                                       .targets = targets,
                                                       .counters = &counters,
                                                       .log = base::Logger(log_target, "test")})
                     .value();
    });
  }
  void TearDown() override {
    shards[0].run([&] { listener.reset(); });
    for (auto& shard : shards) shard.stop();
  }
  Descriptor knock() {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
    const auto target = to_socket_address(*endpoint_of(listener->local()));
    EXPECT_EQ(::connect(socket.get(), target.get(), target.size), 0);
    return socket;
  }
  static void wait_end(const Descriptor& socket) {
    char byte = 0;
    EXPECT_LE(::read(socket.get(), &byte, 1), 0);
  }

  SystemShard shards[2];
  std::atomic<int> got[2] = {0, 0};
  ListenerCounters counters;
  std::atomic<int> lines = 0;
  std::shared_ptr<base::LogTarget> log_target = std::make_shared<base::LogTarget>(
      [this](base::LogLevel, std::string_view, std::string_view) { ++lines; });
  std::vector<AcceptTarget> targets;
  std::unique_ptr<Listener> listener;
};

TEST_F(TcpListenerTest, HandsConnectionsOverInTurn) {
  for (int i = 0; i < 10; ++i) wait_end(knock());
  EXPECT_EQ(got[0], 5);
  EXPECT_EQ(got[1], 5);
  EXPECT_EQ(counters.accepted.value(), 10U);
}

// The sanitizer looks at an object's type through a pipe: without descriptors each looks broken.
#ifndef MEXPORT_SANITIZES_UNDEFINED
TEST_F(TcpListenerTest, PausesWhenDescriptorsRunOut) {
  std::vector<Descriptor> sockets;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  Descriptor waiting(::socket(AF_INET, SOCK_STREAM, 0));
  const rlimit none{.rlim_cur = static_cast<rlim_t>(waiting.get() + 1),
                    .rlim_max = before.rlim_max};
  // Lower descriptors that are free would do too.
  for (Descriptor fd(::dup(waiting.get())); fd.get() < waiting.get() && fd.get() >= 0;
       fd = Descriptor(::dup(waiting.get()))) {
    sockets.push_back(std::move(fd));
  }
  wait_end(knock());
  const auto target = to_socket_address(*endpoint_of(listener->local()));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  ASSERT_EQ(::connect(waiting.get(), target.get(), target.size), 0);
  while (counters.out_of_descriptors.value() < 3) std::this_thread::yield();
  EXPECT_EQ(counters.accepted.value(), 1U);
  EXPECT_EQ(lines, 1) << "told once, not at each attempt";
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  wait_end(waiting);
  EXPECT_EQ(counters.accepted.value(), 2U);
  wait_end(knock());
  EXPECT_EQ(counters.accepted.value(), 3U);
}
#endif

TEST(TcpConnection, AbortResetsTheConnection) {
  SystemShard shard;
  const auto listening = open_socket(multiformats::IpAddress::ip4(127, 0, 0, 1)).value();
  ASSERT_EQ(::listen(listening.get(), 1), 0);
  const auto at = to_socket_address({.address = {.ip = multiformats::IpAddress::ip4(127, 0, 0, 1),
                                                 .port = local_address(listening.get()).port}});
  const Descriptor theirs(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(theirs.get(), at.get(), at.size), 0);
  auto ours = TcpConnection::adopt(
      shard.loop(), Descriptor(::accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK)));
  ours->abort();
  char byte = 0;
  EXPECT_EQ(::recv(theirs.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET) << "no orderly end, which would leave a TIME_WAIT behind";
}

TEST(PortSharing, ChoosesAListenerThatLeadsToTheTarget) {
  PortSharing ports;
  const auto bound_port = [&](std::string_view target) -> std::uint16_t {
    const auto endpoint = endpoint_of(addr(target)).value();
    const auto fd = open_socket(endpoint.address.ip).value();
    return ports.bind(fd.get(), endpoint.address) ? local_address(fd.get()).port : std::uint16_t{0};
  };
  const auto listening = [&](std::string_view text) {
    const auto endpoint = endpoint_of(addr(text)).value();
    auto fd = open_socket(endpoint.address.ip).value();
    const auto target = to_socket_address(endpoint);
    EXPECT_EQ(::bind(fd.get(), target.get(), target.size), 0);
    EXPECT_EQ(::listen(fd.get(), 1), 0);
    ports.add(fd.get(), local_address(fd.get()));
    return fd;
  };
  EXPECT_EQ(bound_port("/ip4/127.0.0.1/tcp/1"), 0);
  const auto loopback = listening("/ip4/127.0.0.1/tcp/0");
  EXPECT_EQ(bound_port("/ip4/127.0.0.1/tcp/1"), local_address(loopback.get()).port);
  EXPECT_EQ(bound_port("/ip4/192.0.2.1/tcp/1"), 0);
  const auto any = listening("/ip4/0.0.0.0/tcp/0");
  EXPECT_EQ(bound_port("/ip4/192.0.2.1/tcp/1"), local_address(any.get()).port);
  ports.remove(any.get());
  EXPECT_EQ(bound_port("/ip4/192.0.2.1/tcp/1"), 0);
}

}  // namespace
}  // namespace mexport::libp2p::tcp
