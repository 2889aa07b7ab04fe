// SPDX-License-Identifier: MIT
// Behind Noise: frames by the hundred thousand, and frames that keep the node waiting.
#include "tests/abuse/scenario.hpp"

#include <thread>

namespace mexport::abuse {
namespace {

namespace yamux = libp2p::yamux;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kFlood = 100'000;
constexpr std::size_t kFramesAtOnce = 4000;
constexpr std::size_t kFlooders = 5;

class YamuxAbuse : public Abuse {
 protected:
  /// Sends `count` times what `frames` makes of a number, and has each portion's answers before the
  /// next. False once the node has closed the connection.
  template <class Frames>
  bool flood(SecuredSocket& peer, std::size_t count, Frames frames) {
    for (std::size_t sent = 0; sent < count;) {
      const auto until = std::min(count, sent + kFramesAtOnce);
      base::Bytes out;
      for (; sent < until; ++sent) base::append(out, frames(static_cast<std::uint32_t>(sent)));
      base::append(out, ping(kBarrier));
      if (!peer.send(out) || !await_pong(peer)) return false;
    }
    return true;
  }

  /// The same without a look at any answer.
  template <class Frames>
  static bool flood_unread(SecuredSocket& peer, std::size_t count, Frames frames) {
    for (std::size_t sent = 0; sent < count;) {
      const auto until = std::min(count, sent + kFramesAtOnce);
      base::Bytes out;
      for (; sent < until; ++sent) base::append(out, frames(static_cast<std::uint32_t>(sent)));
      if (!peer.send(out)) return false;
    }
    return true;
  }

  /// From several connections, one after the other. None comes to its end: the node says why.
  template <class Frames>
  void flood_from_many(Frames frames) {
    start();
    under([&] {
      for (std::size_t i = 0; i < kFlooders; ++i) {
        auto peer = connect_secured(i);
        EXPECT_FALSE(flood(peer, kFlood, frames));
        EXPECT_EQ(go_away_, libp2p::ConnectionCode::rate_limited);
      }
    });
    EXPECT_EQ(stop()["closed_rate_limited"], kFlooders);
  }

 private:
  static constexpr std::uint32_t kBarrier = 0xffffffff;

  bool await_pong(SecuredSocket& peer) {
    go_away_ = libp2p::ConnectionCode::none;
    while (const auto frame = peer.next_frame(seconds(20))) {
      const auto& header = frame->header;
      if (header.type == yamux::FrameType::go_away) {
        go_away_ = static_cast<libp2p::ConnectionCode>(header.length);
      }
      if (header.type == yamux::FrameType::ping && header.length == kBarrier) return true;
    }
    return false;
  }

  libp2p::ConnectionCode go_away_ = libp2p::ConnectionCode::none;
};

std::uint32_t nth_id(std::uint32_t n) {
  return 2 * n + 1;
}

TEST_F(YamuxAbuse, SynFlood) {
  flood_from_many([](auto n) { return window_update(yamux::kSyn, nth_id(n)); });
}

// Opened and gone, so that the number of open streams is never high.
TEST_F(YamuxAbuse, SynAndRstFlood) {
  flood_from_many([](auto n) {
    auto frames = window_update(yamux::kSyn, nth_id(n));
    base::append(frames, window_update(yamux::kRst, nth_id(n)));
    return frames;
  });
}

TEST_F(YamuxAbuse, RstFlood) {
  flood_from_many([](auto n) { return window_update(yamux::kRst, nth_id(n)); });
}

TEST_F(YamuxAbuse, PingFlood) {
  flood_from_many([](auto n) { return ping(n); });
}

TEST_F(YamuxAbuse, MultistreamFloodOnStreams) {
  flood_from_many([](auto n) {
    auto unknown = proposal("/nobody/speaks/this");
    for (int i = 0; i < 3; ++i) base::append(unknown, base::as_bytes("\x05/not\n"));
    return data(nth_id(n), unknown, yamux::kSyn | yamux::kFin);
  });
}

TEST_F(YamuxAbuse, UnreadPongs) {
  start();
  under([this] {
    for (std::size_t i = 0; i < amount(20); ++i) {
      auto peer = connect_secured(i);
      flood_unread(peer, 10 * kFlood, [](auto n) { return ping(n); });
      EXPECT_TRUE(peer.socket().ends_within(seconds(10)));
    }
  });
  EXPECT_GE(stop()["closed_rate_limited"], amount(20));
}

// Of the ping protocol, whose echoes have to wait for a window.
TEST_F(YamuxAbuse, UnreadEchoes) {
  start();
  under([this] {
    for (std::size_t i = 0; i < amount(20); ++i) {
      auto peer = connect_secured(i);
      peer.send(open_stream(1, "/ipfs/ping/1.0.0"));
      const base::Bytes question(32, 0x5a);
      flood_unread(peer, kFlood, [&](auto) { return data(1, question); });
      peer.socket().ends_within(milliseconds(200));
    }
  });
  EXPECT_GE(stop()["ping_refused"], amount(20));
}

TEST_F(YamuxAbuse, ThousandUnusedStreams) {
  start();
  under([this] {
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(20); ++i) {
      peers.push_back(connect_secured(i));
      flood(peers.back(), 1000, [](auto n) { return window_update(yamux::kSyn, nth_id(n)); });
    }
    std::this_thread::sleep_for(seconds(11));
    for (auto& peer : peers) EXPECT_TRUE(peer.socket().discard());
  });
  EXPECT_GE(stop()["stream_negotiation_timeout"], amount(20) * 1000);
}

// Frames that are begun: of yamux, and of Noise.
TEST_F(YamuxAbuse, AnnouncedDataWithheld) {
  start();
  under([this] {
    std::vector<SecuredSocket> peers;
    for (std::size_t i = 0; i < amount(300); ++i) {
      peers.push_back(connect_secured(i));
      auto frames = window_update(yamux::kSyn, 1);
      base::append(frames, data_header(1, yamux::kInitialWindow));
      peers.back().send(frames);
      peers.back().socket().send(base::Bytes{0xff, 0xff, 0x00});
    }
    std::this_thread::sleep_for(seconds(2));
    for (auto& peer : peers) peer.socket().discard();
  });
  stop();
}

}  // namespace
}  // namespace mexport::abuse
