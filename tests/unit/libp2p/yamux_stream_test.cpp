// SPDX-License-Identifier: MIT
#include "libp2p/stream_error.hpp"
#include "libp2p/yamux/stream.hpp"
#include "tests/unit/libp2p/yamux_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::libp2p::yamux {
namespace {

using testing::ElementsAre;

/// A dialler with one open stream, acknowledged, nothing in its output.
class YamuxStreamTest : public testing::Test {
 protected:
  YamuxStreamTest() {
    stream = side.session.open_stream(std::make_unique<RecordingHandler>(record)).value();
    EXPECT_TRUE(side.receive(update_frame(1, kAck)));
    side.flush();
  }

  Record record;
  Side side{Direction::outbound};
  Stream* stream = nullptr;
};

TEST_F(YamuxStreamTest, FramesHoldAtMost64KiB) {
  const base::Bytes bytes(100'000, 1);
  ASSERT_TRUE(stream->write(bytes));
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::data, 0, 1, 65'524},
                                               Header{FrameType::data, 0, 1, 34'476}));
  EXPECT_EQ(record.drained, 0);
}

TEST_F(YamuxStreamTest, RespectsThePeersWindowAndResumes) {
  side.options.data_backlog = 10 << 20;
  ASSERT_TRUE(stream->write(base::Bytes(kInitialWindow + 1000)));
  EXPECT_EQ(stream->pending_write(), 1000U);
  side.flush();
  ASSERT_TRUE(side.receive(update_frame(1, 0, 400)));
  EXPECT_EQ(stream->pending_write(), 600U);
  EXPECT_EQ(record.drained, 0);
  ASSERT_TRUE(side.receive(update_frame(1, 0, 5000)));
  EXPECT_EQ(stream->pending_write(), 0U);
  EXPECT_EQ(record.drained, 1);
  EXPECT_THAT(side.take_headers(),
              ElementsAre(Header{FrameType::data, 0, 1, 400}, Header{FrameType::data, 0, 1, 600}));
}

TEST_F(YamuxStreamTest, AHugeWindowDoesNotWrapNorFillTheOutput) {
  ASSERT_TRUE(side.receive(update_frame(1, 0, 0xffffffff)));
  ASSERT_TRUE(side.receive(update_frame(1, 0, 0xffffffff)));
  ASSERT_TRUE(stream->write(base::Bytes(1 << 20)));
  EXPECT_LE(side.out.size(), side.options.data_backlog + 5 * kHeaderSize);
  std::size_t sent = 0;
  while (stream->pending_write() > 0) {
    for (const Frame& data : side.take_frames()) sent += data.payload.size();
  }
  for (const Frame& data : side.take_frames()) sent += data.payload.size();
  EXPECT_EQ(sent, std::size_t{1} << 20);
}

TEST_F(YamuxStreamTest, WriteBufferIsLimited) {
  side.stuck = side.options.data_backlog;
  ASSERT_TRUE(stream->write(base::Bytes(kMaxStreamWriteBuffer)));
  EXPECT_EQ(stream->write(base::Bytes(1)).error(), StreamError::write_buffer_full);
  EXPECT_EQ(stream->pending_write(), kMaxStreamWriteBuffer);
  side.stuck = 0;
  side.session.on_output_flushed();
  EXPECT_TRUE(stream->write(base::Bytes(1)));
}

TEST_F(YamuxStreamTest, AWriteThatDoesNotFitLeavesNothingBehind) {
  ASSERT_TRUE(stream->write(base::Bytes(kInitialWindow)));
  side.flush();
  EXPECT_FALSE(stream->write(base::Bytes(kMaxStreamWriteBuffer + 1)));
  EXPECT_EQ(stream->pending_write(), 0U);
  EXPECT_TRUE(side.out.empty());
}

TEST_F(YamuxStreamTest, FinFollowsWhatWaits) {
  ASSERT_TRUE(stream->write(base::Bytes(kInitialWindow)));
  ASSERT_TRUE(stream->write(base::Bytes(10)));
  stream->close_write();
  stream->close_write();
  EXPECT_EQ(stream->write(base::Bytes(1)).error(), StreamError::closed);
  side.flush();
  ASSERT_TRUE(side.receive(update_frame(1, 0, 10)));
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::data, 0, 1, 10},
                                               Header{FrameType::window_update, kFin, 1, 0}));
  EXPECT_EQ(side.session.stream_count(), 1U);
  ASSERT_TRUE(side.receive(data_frame(1, 3)));  // half-closed: the peer may go on
  EXPECT_EQ(record.data.size(), 3U);
  ASSERT_TRUE(side.receive(update_frame(1, kFin)));
  EXPECT_EQ(record.remote_closes, 1);
  EXPECT_THAT(side.closed, ElementsAre(1));
  EXPECT_TRUE(record.destroyed);
  EXPECT_FALSE(record.reset);
}

TEST_F(YamuxStreamTest, DataAfterFinIsIgnored) {
  ASSERT_TRUE(side.receive(data_frame(1, 3, kFin)));
  ASSERT_TRUE(side.receive(data_frame(1, 4)));
  ASSERT_TRUE(side.receive(update_frame(1, kFin)));
  EXPECT_EQ(record.data.size(), 3U);
  EXPECT_EQ(record.remote_closes, 1);
  ASSERT_TRUE(side.receive(data_frame(1, 4, kRst)));
  EXPECT_EQ(record.reset, StreamCode::none);
}

TEST_F(YamuxStreamTest, ResetCarriesItsCodeAndDropsWhatWaits) {
  side.stuck = side.options.data_backlog;
  ASSERT_TRUE(stream->write(base::Bytes(1000)));
  stream->reset(StreamCode::rate_limited);
  stream->reset(StreamCode::none);
  EXPECT_TRUE(stream->ended());
  EXPECT_EQ(stream->pending_write(), 0U);
  EXPECT_EQ(stream->write(base::Bytes(1)).error(), StreamError::closed);
  stream->consume(5);
  stream->close_write();
  EXPECT_THAT(side.closed, ElementsAre(1));
  EXPECT_FALSE(record.destroyed);
  side.stuck = 0;
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::window_update, kRst, 1, 0x1003}));
  EXPECT_TRUE(record.destroyed);
  EXPECT_FALSE(record.reset);
}

TEST_F(YamuxStreamTest, AnyResetCodeArrives) {
  ASSERT_TRUE(side.receive(update_frame(1, kRst, 0xdeadbeef)));
  EXPECT_EQ(record.reset, StreamCode{0xdeadbeef});
  EXPECT_TRUE(record.destroyed);
}

TEST_F(YamuxStreamTest, GivesTheWindowBackByHalves) {
  const std::uint32_t half = kInitialWindow / 2;
  ASSERT_TRUE(side.receive(data_frame(1, half - 1)));
  EXPECT_TRUE(side.out.empty());
  ASSERT_TRUE(side.receive(data_frame(1, 1)));
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::window_update, 0, 1, half}));
}

TEST_F(YamuxStreamTest, GivesNothingBackWhileNothingIsGranted) {
  side.session.set_granting(false);
  ASSERT_TRUE(side.receive(data_frame(1, kInitialWindow)));
  EXPECT_TRUE(side.out.empty());
  EXPECT_EQ(record.data.size(), kInitialWindow) << "it is read all the same";
  side.session.set_granting(true);
  EXPECT_THAT(side.take_headers(),
              ElementsAre(Header{FrameType::window_update, 0, 1, kInitialWindow}));
  side.session.set_granting(true);
  EXPECT_TRUE(side.out.empty());
  ASSERT_TRUE(side.receive(data_frame(1, kInitialWindow)));
}

TEST_F(YamuxStreamTest, WhoDoesNotConsumeHoldsOneWindow) {
  Record& unread = side.new_record();
  stream->set_handler(std::make_unique<RecordingHandler>(unread, RecordingHandler::Consume::never));
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(side.receive(data_frame(1, kInitialWindow / 4)));
  EXPECT_TRUE(side.out.empty());
  EXPECT_EQ(side.receive(data_frame(1, 1)).error(), Error::window_overrun);
  EXPECT_EQ(unread.data.size(), kInitialWindow);
}

TEST_F(YamuxStreamTest, ConsumingTooMuchDoesNotOpenTheWindow) {
  ASSERT_TRUE(side.receive(data_frame(1, 100)));
  stream->consume(std::size_t{1} << 40);
  EXPECT_TRUE(side.out.empty());
}

TEST_F(YamuxStreamTest, WithoutAHandlerDataIsDiscardedAndGivenBack) {
  stream->set_handler(nullptr);
  ASSERT_TRUE(side.receive(data_frame(1, kInitialWindow)));
  EXPECT_THAT(side.take_headers(),
              ElementsAre(Header{FrameType::window_update, 0, 1, kInitialWindow}));
  ASSERT_TRUE(side.receive(update_frame(1, kRst)));
  EXPECT_THAT(side.closed, ElementsAre(1));
}

TEST_F(YamuxStreamTest, PayloadIsPassedOnAsItComes) {
  const base::Bytes bytes = data_frame(1, 100);
  ASSERT_TRUE(side.session.receive(base::ByteView(bytes).first(50), side.now));
  EXPECT_EQ(record.data.size(), 50 - kHeaderSize);
  ASSERT_TRUE(side.session.receive(base::ByteView(bytes).subspan(50), side.now));
  EXPECT_EQ(record.data.size(), 100U);
}

TEST_F(YamuxStreamTest, HandlerReplacedWithinItsOwnCallbackOutlivesIt) {
  auto first = std::make_unique<ScriptedHandler>();
  Record& second = side.new_record();
  const auto canary = std::make_shared<int>(7);
  const std::weak_ptr<int> alive = canary;
  first->data = [&second, alive, canary](Stream& target, base::ByteView data) {
    target.set_handler(std::make_unique<RecordingHandler>(second));
    target.consume(data.size());
    EXPECT_EQ(alive.use_count(), 2);
  };
  stream->set_handler(std::move(first));
  ASSERT_TRUE(side.receive(data_frame(1, 1)));
  EXPECT_EQ(alive.use_count(), 1);
  ASSERT_TRUE(side.receive(data_frame(1, 3)));
  EXPECT_EQ(second.data.size(), 3U);
}

TEST_F(YamuxStreamTest, ResetWithinDataSkipsTheRestOfTheFrame) {
  int calls = 0;
  auto handler = std::make_unique<ScriptedHandler>();
  handler->data = [&calls](Stream& target, base::ByteView) {
    ++calls;
    target.reset(StreamCode::protocol_violation);
  };
  stream->set_handler(std::move(handler));
  const base::Bytes bytes = data_frame(1, 100, kFin);
  for (const std::uint8_t& byte : bytes) ASSERT_TRUE(side.session.receive({&byte, 1}, side.now));
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(side.receive(update_frame(2, kSyn)));
  EXPECT_THAT(side.inbound, ElementsAre(2));
}

/// A dialler with many open streams.
class YamuxTurns : public testing::Test {
 protected:
  Stream& open() {
    auto& stream = *side.session.open_stream(std::make_unique<RecordingHandler>(record)).value();
    EXPECT_TRUE(side.receive(update_frame(static_cast<std::uint32_t>(stream.id()), kAck)));
    return stream;
  }
  std::vector<std::uint32_t> senders() {
    std::vector<std::uint32_t> ids;
    for (const Header& header : side.take_headers()) {
      if (header.type == FrameType::data) ids.push_back(header.stream_id);
    }
    return ids;
  }

  Record record;
  Side side{Direction::outbound};
};

TEST_F(YamuxTurns, ThoseThatWaitForTheOutputSendAFrameEachInTheOrderInWhichTheyCame) {
  side.stuck = side.options.data_backlog;
  Stream& third = open();
  Stream& first = open();
  Stream& second = open();
  for (Stream* stream : {&first, &second, &third}) {
    ASSERT_TRUE(stream->write(base::Bytes(kMaxFramePayload + 1)));
  }
  side.flush();
  EXPECT_THAT(senders(), ElementsAre());
  side.stuck = 0;
  side.session.on_output_flushed();
  EXPECT_THAT(senders(), ElementsAre(3U, 5U, 1U, 3U, 5U, 1U));
}

TEST_F(YamuxTurns, WhoEndsLeavesItsTurnToTheNext) {
  side.stuck = side.options.data_backlog;
  std::vector<Stream*> streams;
  for (int i = 0; i < 4; ++i) {
    streams.push_back(&open());
    ASSERT_TRUE(streams.back()->write(base::Bytes(kMaxFramePayload + 1)));
  }
  side.flush();
  streams[0]->reset(StreamCode::none);
  streams[2]->reset(StreamCode::none);
  side.stuck = 0;
  side.session.on_output_flushed();
  EXPECT_THAT(senders(), ElementsAre(3U, 7U, 3U, 7U));
  EXPECT_EQ(side.session.pending_write(), 0U);
}

TEST_F(YamuxTurns, NobodyLooksAtStreamsThatWaitForTheirWindow) {
  side.options.data_backlog = 1 << 30;
  side.options.max_unacked_streams = 1000;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(open().write(base::Bytes(kInitialWindow + 1)));
  side.flush();
  side.backlog_questions = 0;
  side.session.on_output_flushed();
  EXPECT_EQ(side.backlog_questions, 0U);
  ASSERT_TRUE(side.receive(update_frame(399, 0, 10)));
  EXPECT_THAT(senders(), ElementsAre(399U));
  EXPECT_LE(side.backlog_questions, 4U);
}

TEST_F(YamuxStreamTest, DrainedHandlerMayWriteOn) {
  int rounds = 0;
  auto handler = std::make_unique<ScriptedHandler>();
  handler->drained = [&rounds](Stream& target) {
    if (++rounds == 5) return;
    EXPECT_TRUE(target.write(base::Bytes(300'000)));
  };
  stream->set_handler(std::move(handler));
  ASSERT_TRUE(side.receive(update_frame(1, 0, 1 << 30)));
  ASSERT_TRUE(stream->write(base::Bytes(300'000)));
  while (!side.out.empty()) side.flush();
  EXPECT_EQ(rounds, 5);
}

TEST(YamuxStreams, ThatWaitTakeTurns) {
  Side side(Direction::outbound);
  std::vector<Stream*> streams;
  for (int i = 0; i < 5; ++i) {
    streams.push_back(side.session.open_stream(nullptr).value());
  }
  side.flush();
  side.stuck = side.options.data_backlog;
  for (Stream* stream : streams) ASSERT_TRUE(stream->write(base::Bytes(200'000)));
  std::vector<std::uint32_t> order;
  side.stuck = 0;
  side.session.on_output_flushed();
  while (!side.out.empty()) {
    for (const Header& header : side.take_headers()) order.push_back(header.stream_id);
  }
  ASSERT_GE(order.size(), 10U);
  order.resize(10);
  EXPECT_THAT(order, ElementsAre(1, 3, 5, 7, 9, 1, 3, 5, 7, 9));
}

}  // namespace
}  // namespace mexport::libp2p::yamux
