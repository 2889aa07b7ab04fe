// SPDX-License-Identifier: MIT
// Wantlists that are far too long, and messages that do not come.
#include "wire/bitswap.hpp"

#include "multiformats/uvarint.hpp"
#include "tests/abuse/scenario.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace mexport::abuse {
namespace {

namespace yamux = libp2p::yamux;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kBitswap = "/ipfs/bitswap/1.2.0";
class BitswapAbuse : public Abuse {
 protected:
  /// Sends `message` on stream 1 of each peer, as its window allows, none waiting for another, or
  /// until the node ends the connection.
  static void send_at_once(std::vector<SecuredSocket>& peers, base::ByteView message) {
    struct Sending {
      std::size_t window = yamux::kInitialWindow - kProposalRoom;
      std::size_t sent = 0;
    };
    std::vector<Sending> all(peers.size());
    const auto deadline = std::chrono::steady_clock::now() + seconds(40);
    std::size_t left = peers.size();
    while (left > 0 && std::chrono::steady_clock::now() < deadline) {
      bool any_sent = false;
      left = 0;
      for (std::size_t i = 0; i < peers.size(); ++i) {
        auto& one = all[i];
        const auto piece = message.subspan(one.sent, std::min(kPiece, message.size() - one.sent));
        if (piece.empty() || peers[i].socket().ended()) continue;
        ++left;
        if (!has_window(peers[i], one.window, piece.size())) continue;
        peers[i].send(data(1, piece));
        one.window -= piece.size();
        one.sent += piece.size();
        any_sent = true;
      }
      if (!any_sent) std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_EQ(left, 0);
  }

 private:
  static constexpr std::size_t kPiece = 32 * 1024;
  static constexpr std::size_t kProposalRoom = 256;

  /// Looks for updates where the window does not do.
  static bool has_window(SecuredSocket& peer, std::size_t& window, std::size_t size) {
    if (window >= size) return true;
    const auto frame = peer.next_frame(milliseconds(0));
    if (frame && frame->header.stream_id == 1 &&
        frame->header.type == yamux::FrameType::window_update) {
      window += frame->header.length;
    }
    return window >= size;
  }
};

// 4 MiB each: what a message may have.
TEST_F(BitswapAbuse, WantlistsOfAHundredThousandEntries) {
  constexpr std::size_t kPeers = 20;
  start();
  const auto message = wantlist(100'000, false);
  ASSERT_LE(message.size(), wire::kMaxBitswapMessageSize);
  under([&] {
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(kPeers); ++i) {
      peers.push_back(connect_secured(i));
      peers.back().send(open_stream(1, kBitswap));
    }
    send_at_once(peers, message);
    std::this_thread::sleep_for(seconds(1));
  });
  const auto counters = stop();
  EXPECT_GE(counters.at("bitswap_entries"), amount(kPeers) * 100'000);
}

// Each has its turn, in which it could hold up the others.
TEST_F(BitswapAbuse, LongMessagesThatStop) {
  constexpr std::size_t kPeers = 20;
  start();
  const auto message = wantlist(100'000, false);
  under([&] {
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(kPeers); ++i) {
      peers.push_back(connect_secured(i));
      peers.back().send(open_stream(1, kBitswap));
    }
    send_at_once(peers, base::ByteView(message).first(message.size() - 1));
  });
  const auto counters = stop();
  EXPECT_TRUE(kThinned || counters.at("closed_for_slow_messages") > 0);
}

TEST_F(BitswapAbuse, FourMebibytesAnnouncedAndNotSent) {
  constexpr std::size_t kPeers = 100;
  start();
  under([this] {
    base::Bytes announced;
    multiformats::append_uvarint(announced, wire::kMaxBitswapMessageSize);
    announced.resize(announced.size() + 1000);
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(kPeers); ++i) {
      peers.push_back(connect_secured(i));
      for (std::uint32_t id = 1; id < 20; id += 2) {
        peers.back().send(open_stream(id, kBitswap, announced));
      }
    }
    std::this_thread::sleep_for(seconds(2));
    for (auto& peer : peers) EXPECT_TRUE(peer.socket().discard());
  });
  stop();
}

// Asks for answers and takes none of them.
TEST_F(BitswapAbuse, UnreadAnswers) {
  start();
  under([this] {
    const auto wants = wantlist(4000, true);
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(100); ++i) {
      peers.push_back(connect_secured(i));
      peers.back().send(open_stream(1, kBitswap, wants));
    }
    std::this_thread::sleep_for(seconds(2));
  });
  auto counters = stop();
  EXPECT_GE(counters["bitswap_answers_dropped_failed"], 1);
  EXPECT_TRUE(kThinned || counters["bitswap_answers_dropped_share"] >= 1);
}

}  // namespace
}  // namespace mexport::abuse
