// SPDX-License-Identifier: MIT
// Peers that say too much of themselves, or nothing.
#include "wire/identify.hpp"

#include "multiformats/uvarint.hpp"
#include "tests/abuse/scenario.hpp"
#include "wire/length_delimited.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

namespace mexport::abuse {
namespace {

namespace yamux = libp2p::yamux;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kIdentify = "/ipfs/id/1.0.0";
constexpr std::string_view kPush = "/ipfs/id/push/1.0.0";
/// The node's first stream on a connection that it has accepted.
constexpr std::uint32_t kFirstOfNode = 2;
constexpr std::size_t kPeers = 200;

base::Bytes framed(const wire::IdentifyMessage& message) {
  base::Bytes out;
  wire::append_length_delimited(out, wire::encode_identify(message));
  return out;
}

/// Valid, and far above what is read.
base::Bytes of_one_mebibyte() {
  wire::IdentifyMessage message;
  message.agent_version = std::string(kMiB, 'x');
  return framed(message);
}

/// In messages that are each of a size that is read.
base::Bytes with_ten_thousand_protocols() {
  base::Bytes out;
  for (std::size_t sent = 0; sent < 10'000;) {
    wire::IdentifyMessage message;
    for (int i = 0; i < 1000; ++i) message.protocols.push_back("/p/" + std::to_string(sent++));
    while (wire::encode_identify(message).size() > wire::kMaxIdentifyMessageSize) {
      message.protocols.pop_back();
      --sent;
    }
    base::append(out, framed(message));
  }
  return out;
}

class IdentifyAbuse : public Abuse {
 protected:
  /// Answers the node's question by `answer`, as far as the windows go.
  static void answer(SecuredSocket& peer, base::ByteView answer) {
    auto said = proposal(kIdentify);
    base::append(said, answer.first(std::min<std::size_t>(answer.size(), 200'000)));
    auto frames = window_update(yamux::kAck, kFirstOfNode);
    base::append(frames, data(kFirstOfNode, said, yamux::kFin));
    peer.send(frames);
  }

  Counters answer_all(base::ByteView with) {
    start();
    under([&] {
      std::vector<SecuredSocket> peers;
      for (std::size_t i = 0; i < amount(kPeers); ++i) {
        peers.push_back(connect_secured(i));
        answer(peers.back(), with);
      }
      std::this_thread::sleep_for(milliseconds(500));
      for (auto& peer : peers) EXPECT_TRUE(peer.socket().discard()) << "the connection is kept";
    });
    return stop();
  }
};

TEST_F(IdentifyAbuse, OneMebibyte) {
  EXPECT_EQ(answer_all(of_one_mebibyte())["identify_failed"], amount(kPeers));
}

TEST_F(IdentifyAbuse, TenThousandProtocols) {
  EXPECT_EQ(answer_all(with_ten_thousand_protocols())["identify_failed"], amount(kPeers));
}

TEST_F(IdentifyAbuse, NeverAnswered) {
  start();
  under([this] {
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(kPeers); ++i) peers.push_back(connect_secured(i));
    std::this_thread::sleep_for(seconds(11));
    for (auto& peer : peers) EXPECT_TRUE(peer.socket().discard()) << "the connection is kept";
  });
  EXPECT_EQ(stop()["identify_failed"], amount(kPeers));
}

TEST_F(IdentifyAbuse, PushFlood) {
  start();
  under([this] {
    auto peer = connect_secured();
    for (std::uint32_t n = 0; n < 100'000;) {
      base::Bytes out;
      for (int i = 0; i < 500; ++i, ++n) {
        wire::IdentifyMessage message;
        message.agent_version = "pusher/" + std::to_string(n);
        message.protocols = {"/p/" + std::to_string(n)};
        auto said = proposal(kPush);
        base::append(said, framed(message));
        base::append(out, data(2 * n + 1, said, yamux::kSyn | yamux::kFin));
      }
      if (!peer.send(out) || !peer.socket().discard()) break;
    }
    EXPECT_TRUE(peer.socket().ends_within(seconds(20)));
  });
  auto counters = stop();
  EXPECT_GE(counters["identify_push_received"], 10);
  EXPECT_GE(counters["identify_push_refused"], 10'000);
  EXPECT_EQ(counters["closed_rate_limited"], 1);
}

}  // namespace
}  // namespace mexport::abuse
