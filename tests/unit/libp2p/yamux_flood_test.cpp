// SPDX-License-Identifier: MIT
// What a peer can make us hold or send by sending very many small frames.
#include "tests/unit/libp2p/yamux_fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::yamux {
namespace {

constexpr std::uint32_t kFrames = 100'000;

/// As if there were no limit on the rate, so that all else is bounded too.
Options unlimited() {
  Options options;
  options.frame_rate = {.interval = std::chrono::nanoseconds(1), .burst = 1U << 31};
  return options;
}

/// Receives `frames`, flushing each 1000 as a connection does after each read.
void flood(Side& side, std::uint32_t count, const std::function<base::Bytes(std::uint32_t)>& next) {
  std::size_t largest = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_TRUE(side.receive(next(i)));
    largest = std::max(largest, side.out.size());
    if (i % 1000 == 999) side.flush();
  }
  EXPECT_LE(largest, 1000 * 2 * kHeaderSize);
}

TEST(YamuxFlood, Streams) {
  Side side(Direction::inbound, unlimited());
  flood(side, kFrames, [](std::uint32_t i) { return update_frame(2 * i + 1, kSyn); });
  EXPECT_EQ(side.session.stream_count(), 1024U);
  EXPECT_EQ(side.session.counters().refused_streams, kFrames - 1024);
}

TEST(YamuxFlood, StreamsOpenedAndResetInTurn) {
  Side side(Direction::inbound, unlimited());
  std::size_t alive = 0;
  struct Counted final : StreamHandler {
    explicit Counted(std::size_t& count) : count_(count) { ++count_; }
    ~Counted() override { --count_; }
    void on_data(Stream&, base::ByteView) override {}
    void on_remote_close(Stream&) override {}
    void on_reset(Stream&, StreamCode) override {}
    std::size_t& count_;
  };
  std::size_t most = 0;
  side.accept = [&](Stream& stream) {
    stream.set_handler(std::make_unique<Counted>(alive));
    most = std::max(most, alive);
  };
  base::Bytes all;
  for (std::uint32_t i = 0; i < kFrames / 2; ++i) {
    base::append(all, update_frame(2 * i + 1, kSyn));
    base::append(all, update_frame(2 * i + 1, kRst));
  }
  side.options.max_backlog = std::size_t{1} << 30;
  ASSERT_TRUE(side.receive(all));  // even in one read, ended streams do not pile up
  EXPECT_LE(most, 2U);
  EXPECT_EQ(side.session.stream_count(), 0U);
}

TEST(YamuxFlood, RefusedByTheOwner) {
  Side side(Direction::inbound, unlimited());
  side.accept = [](Stream& stream) { stream.reset(StreamCode::resource_limit_exceeded); };
  flood(side, kFrames, [](std::uint32_t i) { return update_frame(2 * i + 1, kSyn); });
  EXPECT_EQ(side.session.stream_count(), 0U);
  EXPECT_EQ(side.closed.size(), kFrames);
}

TEST(YamuxFlood, ResetsOfUnknownStreams) {
  Side side(Direction::inbound, unlimited());
  flood(side, kFrames, [](std::uint32_t i) { return update_frame(i, kRst, i); });
  EXPECT_EQ(side.session.counters().ignored_frames, kFrames);
  EXPECT_TRUE(side.out.empty());
}

TEST(YamuxFlood, Pings) {
  Side side(Direction::inbound, unlimited());
  flood(side, kFrames, [](std::uint32_t i) { return frame(FrameType::ping, kSyn, 0, i); });
}

TEST(YamuxFlood, EmptyDataFramesAndWindowUpdates) {
  Side side(Direction::inbound, unlimited());
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  flood(side, kFrames, [](std::uint32_t i) {
    return i % 2 == 0 ? data_frame(1, 0) : update_frame(1, 0, 0xffffffff);
  });
  EXPECT_EQ(side.session.stream_count(), 1U);
}

TEST(YamuxFlood, GoAways) {
  Side side(Direction::inbound, unlimited());
  flood(side, kFrames, [](std::uint32_t i) { return frame(FrameType::go_away, 0, 0, i); });
  EXPECT_EQ(side.go_aways.size(), 1U);
}

TEST(YamuxFlood, EndsAtTheLimitOnTheRate) {
  const std::function<base::Bytes(std::uint32_t)> floods[] = {
      [](std::uint32_t i) { return frame(FrameType::ping, kSyn, 0, i); },
      [](std::uint32_t i) { return frame(FrameType::ping, kAck, 0, i); },
      [](std::uint32_t i) { return frame(FrameType::go_away, 0, 0, i); },
      [](std::uint32_t i) { return update_frame(2 * i + 1, kSyn); },
      [](std::uint32_t i) { return data_frame(2 * i + 1, 20, kSyn); },
      [](std::uint32_t i) { return update_frame(2 * i + 1, kRst); },
      [](std::uint32_t i) { return data_frame(2 * i + 1, 0); },
  };
  for (const auto& next : floods) {
    Side side(Direction::inbound);
    const auto burst = side.options.frame_rate.burst;
    flood(side, burst, next);
    const auto status = side.receive(next(burst));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error(), Error::rate_limited);
    EXPECT_FALSE(is_protocol_error(status.error()));
  }
}

TEST(YamuxFlood, TheRateLeavesTimeForHonestPeers) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  for (std::uint32_t i = 0; i < kFrames; ++i) {
    side.now += side.options.frame_rate.interval;
    ASSERT_TRUE(side.receive(frame(FrameType::ping, kSyn, 0, i)));
    ASSERT_TRUE(side.receive(data_frame(1, 100)));
    side.flush();
  }
}

// A peer that asks but never reads: the session gives up at the stated backlog.
TEST(YamuxFlood, AnswersNobodyReads) {
  const std::function<base::Bytes(std::uint32_t)> floods[] = {
      [](std::uint32_t i) { return frame(FrameType::ping, kSyn, 0, i); },
      [](std::uint32_t i) { return update_frame(2 * i + 1, kSyn); },
  };
  for (const auto& next : floods) {
    Side side(Direction::inbound, unlimited());
    base::Status status;
    for (std::uint32_t i = 0; i < kFrames && status; ++i) status = side.receive(next(i));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error(), Error::output_stuck);
    EXPECT_FALSE(is_protocol_error(status.error()));
    EXPECT_LE(side.out.size(), side.options.max_backlog + kHeaderSize);
  }
}

}  // namespace
}  // namespace mexport::libp2p::yamux
