// SPDX-License-Identifier: MIT
// TLS handshakes that no honest peer would make.
#include "tests/abuse/scenario.hpp"
#include "tests/unit/libp2p/openssl_peer.hpp"

#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace mexport::abuse {
namespace {

namespace tls = libp2p::tls;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using OpenSslPeer = tls::OpenSslPeer;

class TlsAbuse : public Abuse {
 protected:
  void start_offered() {
    start({.config = R"({"Bootstrap": [], "Mexport": {"Security": {"Prefer": "offered"}}})"});
  }

  /// One on which TLS has been agreed.
  Socket agreed(std::size_t index) {
    auto socket = connect(index);
    const auto hello = proposal("/tls/1.0.0");
    socket.send(hello);
    base::Bytes answer;
    while (answer.size() < hello.size()) {
      const auto more = socket.receive(seconds(20));
      if (more.empty()) throw std::runtime_error("the node says nothing");
      base::append(answer, more);
    }
    if (answer != hello) throw std::runtime_error("the node does not speak TLS");
    return socket;
  }

  /// Shows a certificate, which the node must not take.
  void show(std::size_t index, const OpenSslPeer::Options& options) {
    auto socket = agreed(index);
    OpenSslPeer peer(libp2p::Direction::outbound, options);
    for (bool goes_on = peer.shake(); goes_on && !peer.done(); goes_on = peer.shake()) {
      socket.send(peer.take_out());
      const auto bytes = socket.receive(seconds(20));
      if (bytes.empty()) break;
      peer.take_in(bytes);
    }
    socket.send(peer.take_out());
    EXPECT_TRUE(peer.done()) << "the node's part fails";
    EXPECT_TRUE(socket.ends_within(seconds(5)));
  }

  tls::MadeCertificate made(tls::CertificateRecipe recipe) {
    // The recipes count from the clock of the tests.
    const auto offset =
        std::chrono::floor<seconds>(base::SystemClock().wall_now() - tls::SetClock().wall_now());
    recipe.from += offset;
    recipe.to += offset;
    return tls::make_test_certificate(identity_.peer, recipe);
  }

  Identity identity_ = Identity::create();
};

TEST_F(TlsAbuse, WrongCertificates) {
  const auto good = made({});
  const std::vector<tls::MadeCertificate> wrong = [this] {
    std::vector<tls::MadeCertificate> list;
    list.push_back(made({.identities = 0}));
    list.push_back(made({.identities = 2}));
    list.push_back(made({.other_extension = "1.3.6.1.4.1.53594.9.9"}));
    list.push_back(made({.foreign_signature = true}));
    list.push_back(made({.foreign_identity = true}));
    list.push_back(made({.from = -hours(48), .to = -hours(24)}));
    list.push_back(made({.from = hours(24), .to = hours(48)}));
    list.push_back(made({.ballast = tls::kMaxCertificateSize}));
    list.push_back(made({.ballast = 15 * tls::kMaxCertificateSize}));
    return list;
  }();
  start_offered();
  under([&] {
    for (std::size_t i = 0; i < amount(500); ++i) {
      const auto kind = i % (wrong.size() + 2);
      if (kind < wrong.size()) {
        show(i, {.certificate = &wrong[kind]});
      } else if (kind == wrong.size()) {
        show(i, {.certificate = &good, .chain_of_two = true});
      } else {
        show(i, {});
      }
    }
  });
  const auto counters = stop();
  std::uint64_t failed = 0;
  for (const auto* const name : {"handshake", "bad_identity"}) {
    const auto found = counters.find(std::string("handshake_failed_inbound_") + name);
    failed += found == counters.end() ? 0 : found->second;
  }
  EXPECT_EQ(failed, amount(500));
}

/// A handshake record with `size` bytes of a ClientHello that says it has 2^24 - 1.
base::Bytes begun_hello(std::size_t size) {
  base::Bytes out{
      22,  3,   1,  static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size), 1,
      255, 255, 255};
  out.resize(5 + size, 0x5a);
  return out;
}

TEST_F(TlsAbuse, GarbageInsteadOfAHello) {
  start_offered();
  const std::vector<base::Bytes> garbage{base::Bytes(300, 0x5a), begun_hello(300),
                                         begun_hello(16'384), base::Bytes(300, 0)};
  under([&] {
    for (std::size_t i = 0; i < amount(500); ++i) {
      auto socket = agreed(i);
      socket.send(garbage[i % garbage.size()]);
      for (int more = 0; more < 20 && !socket.ended(); ++more) {
        socket.send(garbage[i % garbage.size()]);
        socket.discard();
      }
      EXPECT_TRUE(socket.ends_within(seconds(20)));
    }
  });
  EXPECT_EQ(stop()["handshake_failed_inbound_handshake"], amount(500));
}

// A byte each time, of a hello in order.
TEST_F(TlsAbuse, SlowHello) {
  start_offered();
  under([this] {
    std::vector<Socket> sockets;
    for (std::size_t i = 0; i < amount(300); ++i) sockets.push_back(agreed(i));
    OpenSslPeer peer(libp2p::Direction::outbound, {});
    peer.shake();
    const auto hello = peer.take_out();
    const auto end = std::chrono::steady_clock::now() + seconds(17);
    for (std::size_t at = 0; std::chrono::steady_clock::now() < end; ++at) {
      for (auto& socket : sockets) {
        if (!socket.ended()) socket.send(base::ByteView(hello).subspan(at % hello.size(), 1));
        socket.discard();
      }
      std::this_thread::sleep_for(milliseconds(200));
    }
    for (auto& socket : sockets) EXPECT_TRUE(socket.ended());
  });
  EXPECT_GE(stop()["handshake_failed_inbound_timeout"], amount(300));
}

}  // namespace
}  // namespace mexport::abuse
