// SPDX-License-Identifier: MIT
// Handshakes that no honest peer would make, and too many of those that are in order.
#include "base/result.hpp"
#include "libp2p/noise/frame.hpp"
#include "libp2p/noise/payload.hpp"
#include "libp2p/noise/symmetric_state.hpp"
#include "libp2p/noise/xx_pattern.hpp"
#include "tests/abuse/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mexport::abuse {
namespace {

namespace noise = libp2p::noise;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A Noise message behind its length.
base::Bytes framed(base::ByteView message) {
  base::Bytes out(noise::kLengthSize);
  noise::write_length(message.size(), out.data());
  base::append(out, message);
  return out;
}

/// Exactly `size` bytes.
base::Bytes read_exactly(Socket& socket, base::Bytes& rest, std::size_t size) {
  while (rest.size() < size) {
    const auto more = socket.receive(seconds(20));
    if (more.empty()) throw std::runtime_error("the node says nothing");
    base::append(rest, more);
  }
  const auto end = rest.begin() + static_cast<std::ptrdiff_t>(size);
  base::Bytes taken(rest.begin(), end);
  rest.erase(rest.begin(), end);
  return taken;
}

/// A dialler up to its first Noise message.
struct Begun {
  explicit Begun(Socket connected) : socket(std::move(connected)) {
    const auto hello = proposal("/noise");
    socket.send(hello);
    read_exactly(socket, rest, hello.size());
  }
  base::Bytes read_message() {
    const auto length = read_exactly(socket, rest, noise::kLengthSize);
    return read_exactly(socket, rest, noise::read_length(length));
  }

  Socket socket;
  base::Bytes rest;
};

/// Shakes hands up to a third message whose static key is `point`, on which both sides' secret is
/// zero. No pattern writes that, so it is put together here.
void send_static_key(Begun& peer, base::ByteView point, crypto::Aead& aead) {
  const auto keys = crypto::X25519KeyPair::generate();
  noise::SymmetricState state(aead);
  state.mix_hash(keys.public_key());
  base::Bytes first = base::to_bytes(keys.public_key());
  state.encrypt_and_hash({}, first);
  peer.socket.send(framed(first));

  const auto second = peer.read_message();
  auto left = base::ByteView(second);
  crypto::X25519PublicKey theirs{};
  const auto mix = [&](base::ByteView key) {
    std::ranges::copy(key, theirs.begin());
    state.mix_key(keys.derive(theirs).value().view());
  };
  state.mix_hash(left.first(theirs.size()));
  mix(left.first(theirs.size()));
  left = left.subspan(theirs.size());
  const auto static_size = theirs.size() + state.overhead();
  mix(state.decrypt_and_hash(left.first(static_size)).value());
  static_cast<void>(state.decrypt_and_hash(left.subspan(static_size)).value());

  base::Bytes third;
  state.encrypt_and_hash(point, third);
  state.mix_key(base::Bytes(theirs.size()));
  state.encrypt_and_hash({}, third);
  peer.socket.send(framed(third));
}

/// The dialler's half of a Noise handshake, message by message.
class HandMade {
 public:
  HandMade(Socket socket, const crypto::X25519KeyPair& static_keys, crypto::Aead& aead)
      : begun_(std::move(socket)),
        ephemeral_(crypto::X25519KeyPair::generate()),
        pattern_(libp2p::Direction::outbound, static_keys, ephemeral_, aead) {}

  Socket& socket() { return begun_.socket; }

  /// The first two messages, in order.
  void begin() {
    base::Bytes first;
    static_cast<void>(pattern_.write_first({}, first));
    socket().send(framed(first));
    if (!pattern_.read_second(begun_.read_message()))
      throw std::runtime_error("a bad second message");
  }

  void finish(base::ByteView payload) {
    base::Bytes third;
    static_cast<void>(pattern_.write_third(payload, third));
    socket().send(framed(third));
  }

 private:
  Begun begun_;
  crypto::X25519KeyPair ephemeral_;
  noise::XxPattern pattern_;
};

/// Points whose multiples are all zero, whatever the other side's key (RFC 7748, section 6.1).
std::vector<base::Bytes> low_order_points() {
  std::vector<base::Bytes> points;
  for (const char* hex : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
           "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
       }) {
    base::Bytes point;
    if (!base::from_hex(hex, point)) throw std::runtime_error("no hex");
    points.push_back(std::move(point));
  }
  return points;
}

class HandshakeAbuse : public Abuse {
 protected:
  HandMade by_hand(std::size_t index) { return {connect(index), keys_, aead_}; }

  base::Bytes payload_signed_by(const libp2p::PeerIdentity& claimed,
                                const libp2p::PeerIdentity& signer) {
    const auto signature = signer.private_key().sign(noise::signed_text(keys_.public_key()));
    if (!signature) throw std::runtime_error("no signature");
    return noise::encode_payload(claimed.public_key().protobuf(), *signature, {});
  }

  crypto::X25519KeyPair keys_ = crypto::X25519KeyPair::generate();
  crypto::Aead aead_;
};

TEST_F(HandshakeAbuse, WrongSignatures) {
  start();
  const auto claimed = Identity::create();
  const auto signer = Identity::create();
  under([&] {
    const auto payload = payload_signed_by(claimed.peer, signer.peer);
    for (std::size_t i = 0; i < amount(500); ++i) {
      auto peer = by_hand(i);
      peer.begin();
      peer.finish(payload);
      EXPECT_TRUE(peer.socket().ends_within(seconds(5)));
    }
  });
  EXPECT_EQ(stop()["handshake_failed_inbound_bad_identity"], amount(500));
}

TEST_F(HandshakeAbuse, LowOrderKeys) {
  start();
  const auto points = low_order_points();
  under([&] {
    for (std::size_t i = 0; i < amount(500); ++i) {
      auto peer = by_hand(i);
      peer.socket().send(framed(points[i % points.size()]));
      EXPECT_TRUE(peer.socket().ends_within(seconds(5)));
    }
  });
  EXPECT_EQ(stop()["handshake_failed_inbound_handshake"], amount(500));
}

TEST_F(HandshakeAbuse, LowOrderStaticKeys) {
  start();
  const auto points = low_order_points();
  under([&] {
    for (std::size_t i = 0; i < amount(500); ++i) {
      Begun peer(connect(i));
      send_static_key(peer, points[i % points.size()], aead_);
      EXPECT_TRUE(peer.socket.ends_within(seconds(5)));
    }
  });
  EXPECT_EQ(stop()["handshake_failed_inbound_handshake"], amount(500));
}

TEST_F(HandshakeAbuse, GarbageAfterTheFirstMessages) {
  start();
  under([this] {
    const base::Bytes garbage(300, 0x5a);
    for (std::size_t i = 0; i < amount(500); ++i) {
      auto peer = by_hand(i);
      peer.begin();
      peer.socket().send(framed(garbage));
      EXPECT_TRUE(peer.socket().ends_within(seconds(5)));
    }
  });
  EXPECT_EQ(stop()["handshake_failed_inbound_handshake"], amount(500));
}

// 2,000 in 20 s: others come and go in between.
TEST_F(HandshakeAbuse, PacedChurn) {
  constexpr std::size_t kConnections = 2000;
  static constexpr milliseconds kApart{10};
  start();
  under([this] {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < amount(kConnections); ++i) {
      std::this_thread::sleep_until(begin + i * kApart);
      auto peer = connect_secured(i);
      if (i % 2 == 0) peer.socket().abort();
    }
  });
  EXPECT_GE(stop()["connected"], amount(kConnections));
}

// As fast as one peer can.
TEST_F(HandshakeAbuse, Churn) {
  constexpr std::size_t kConnections = 2000;
  start();
  under([this] {
    for (std::size_t i = 0; i < amount(kConnections); ++i) {
      auto peer = connect_secured(i);
      if (i % 2 == 0) peer.socket().abort();
    }
  });
  EXPECT_GE(stop()["connected"], amount(kConnections));
}

TEST_F(HandshakeAbuse, FiftyConnectionsOfOneIdentity) {
  constexpr std::size_t kConnections = 50;
  start();
  const auto identity = Identity::create();
  under([&] {
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < kConnections; ++i) {
      peers.push_back(connect_secured(i, identity));
      peers.back().send(open_stream(1, "/ipfs/bitswap/1.2.0", wantlist(10, false, i)));
    }
    std::this_thread::sleep_for(milliseconds(kThinned ? 3000 : 500));
  });
  stop();
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port");
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

// By our own name; and by that of another who is said to be where we are, on the port from which we
// dial, so that the socket meets itself, and elsewhere.
TEST_F(HandshakeAbuse, DiallingOurselves) {
  const auto other = Identity::create().peer.peer_id().to_string();
  const auto another = Identity::create().peer.peer_id().to_string();
  const auto port = free_port();
  const auto here = fmt::format("/ip4/127.0.0.1/tcp/{}", port);
  const auto there = fmt::format("/ip4/127.0.0.2/tcp/{}", port);
  const auto self = std::string(kSelf);
  start({.listen = here,
         .options = {"--listen", there, "--peer", there + "/p2p/" + self, "--peer",
                     here + "/p2p/" + other, "--peer", there + "/p2p/" + another}});
  under([] { std::this_thread::sleep_for(seconds(2)); });
  const auto id = node().peer_id();
  auto counters = stop();
  EXPECT_EQ(counters["dials"], 2);
  EXPECT_EQ(counters["handshake_failed_outbound_dialled_self"], 1);
  EXPECT_EQ(counters["handshake_failed_outbound_peer_mismatch"], 1);
  EXPECT_EQ(counters["connected"], counters["identify_answered"]) << "good peers alone";
  for (const auto& event : node().events("connection_event")) {
    for (const auto& peer : {id, other, another}) {
      EXPECT_EQ(event.find("\"peer\":\"" + peer), std::string::npos) << event;
    }
  }
}

}  // namespace
}  // namespace mexport::abuse
