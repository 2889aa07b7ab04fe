// SPDX-License-Identifier: MIT
#include "libp2p/yamux/session.hpp"
#include "tests/unit/libp2p/yamux_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::libp2p::yamux {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(YamuxSession, IdleStateIsSmall) {
  EXPECT_LE(sizeof(Session), 200U);
  EXPECT_LE(sizeof(YamuxStream), 160U);
}

TEST(YamuxSession, DiallerIdsAreOddListenerIdsEven) {
  Side dialler(Direction::outbound);
  Side listener(Direction::inbound);
  for (const std::uint64_t n : {0U, 1U, 2U}) {
    EXPECT_EQ(dialler.session.open_stream(nullptr).value()->id(), 2 * n + 1);
    EXPECT_EQ(listener.session.open_stream(nullptr).value()->id(), 2 * n + 2);
  }
  EXPECT_EQ(dialler.take_headers().front(), (Header{FrameType::window_update, kSyn, 1, 0}));
}

TEST(YamuxSession, AcknowledgesAnInboundStreamAtOnce) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  EXPECT_THAT(side.inbound, ElementsAre(1));
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::window_update, kAck, 1, 0}));
  EXPECT_EQ(side.session.inbound_stream_count(), 1U);
  EXPECT_EQ(&side.session.find_stream(1)->connection(), &side.connection());
  EXPECT_EQ(side.session.find_stream(1)->direction(), Direction::inbound);
  EXPECT_EQ(side.session.find_stream(3), nullptr);
  EXPECT_EQ(side.session.find_stream((std::uint64_t{1} << 32) + 1), nullptr);
}

TEST(YamuxSession, StreamMayStartWithADataFrameThatAlsoEnds) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(data_frame(1, 5, kSyn | kFin)));
  EXPECT_EQ(side.records[1].data.size(), 5U);
  EXPECT_EQ(side.records[1].remote_closes, 1);
  side.session.find_stream(1)->close_write();
  EXPECT_THAT(side.closed, ElementsAre(1));
}

struct BadFrame {
  base::Bytes bytes;
  Error error;
};

TEST(YamuxSession, ProtocolErrorsAreFinal) {
  base::Bytes version = update_frame(1, kSyn);
  version[0] = 1;
  base::Bytes type = update_frame(1, kSyn);
  type[1] = 4;
  base::Bytes twice = update_frame(1, kSyn);
  base::append(twice, update_frame(1, kSyn));
  const BadFrame cases[] = {
      {version, Error::wrong_version},
      {type, Error::unknown_type},
      {update_frame(2, kSyn), Error::wrong_parity},
      {update_frame(0, kSyn), Error::wrong_parity},
      {twice, Error::stream_id_in_use},
      {frame(FrameType::data, kSyn, 1, kInitialWindow + 1), Error::window_overrun},
  };
  for (const auto& [bytes, error] : cases) {
    Side side(Direction::inbound);
    const auto status = side.receive(bytes);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error(), error);
    EXPECT_TRUE(is_protocol_error(status.error()));
    EXPECT_FALSE(side.receive(update_frame(5, kSyn)));

    side.flush();
    side.session.close(kGoAwayProtocolError);
    EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::go_away, 0, 0, 1}));
    EXPECT_EQ(side.session.stream_count(), 0U);
  }
}

TEST(YamuxSession, WrongParityTowardsADialler) {
  Side side(Direction::outbound);
  EXPECT_EQ(side.receive(update_frame(1, kSyn)).error(), Error::wrong_parity);
}

TEST(YamuxSession, AnIdMayBeUsedAgainOnceItsStreamIsGone) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  ASSERT_TRUE(side.receive(update_frame(1, kRst, 0x1007)));
  EXPECT_EQ(side.records[1].reset, StreamCode::shutdown);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  EXPECT_EQ(side.session.stream_count(), 1U);
}

TEST(YamuxSession, FramesForUnknownStreamsAreDrainedAndCounted) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(data_frame(9, 3'000'000)));
  ASSERT_TRUE(side.receive(update_frame(9, kFin)));
  ASSERT_TRUE(side.receive(update_frame(9, kRst, 7)));
  ASSERT_TRUE(side.receive(update_frame(9, 0, 1000)));
  ASSERT_TRUE(side.receive(data_frame(9, 10, kRst)));
  EXPECT_EQ(side.session.counters().ignored_frames, 5U);
  EXPECT_TRUE(side.out.empty());
  ASSERT_TRUE(side.receive(update_frame(9, kSyn)));
  EXPECT_THAT(side.inbound, ElementsAre(9));
}

TEST(YamuxSession, OpenedAndResetInOneFrame) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn | kRst)));
  EXPECT_THAT(side.inbound, IsEmpty());
  EXPECT_EQ(side.session.stream_count(), 0U);
}

TEST(YamuxSession, StreamsBeyondTheLimitAreReset) {
  Side side(Direction::inbound);
  for (std::uint32_t i = 0; i < 1024; ++i) ASSERT_TRUE(side.receive(update_frame(2 * i + 1, kSyn)));
  side.flush();
  ASSERT_TRUE(side.receive(data_frame(2049, 100, kSyn)));
  EXPECT_THAT(side.take_headers(),
              ElementsAre(Header{FrameType::window_update, kRst, 2049, 0x1002}));
  EXPECT_EQ(side.session.inbound_stream_count(), 1024U);
  EXPECT_EQ(side.session.counters().refused_streams, 1U);

  ASSERT_TRUE(side.receive(update_frame(77, kRst)));
  ASSERT_TRUE(side.receive(update_frame(2051, kSyn)));
  EXPECT_EQ(side.session.inbound_stream_count(), 1024U);
  EXPECT_NE(side.session.find_stream(2051), nullptr);
}

TEST(YamuxSession, UnacknowledgedStreamsAreLimited) {
  Side side(Direction::outbound);
  for (int i = 0; i < 256; ++i) ASSERT_TRUE(side.session.open_stream(nullptr));
  EXPECT_EQ(side.session.open_stream(nullptr).error(), Error::too_many_unacked);
  ASSERT_TRUE(side.receive(update_frame(1, kAck)));
  ASSERT_TRUE(side.receive(update_frame(1, kAck)));  // counts once
  EXPECT_TRUE(side.session.open_stream(nullptr));
  EXPECT_EQ(side.session.open_stream(nullptr).error(), Error::too_many_unacked);
  ASSERT_TRUE(side.receive(update_frame(3, kRst, 0x1002)));
  EXPECT_TRUE(side.session.open_stream(nullptr));
  side.session.find_stream(5)->reset(StreamCode::none);
  EXPECT_TRUE(side.session.open_stream(nullptr));
  EXPECT_EQ(side.session.open_stream(nullptr).error(), Error::too_many_unacked);
}

TEST(YamuxSession, PingsAreAnsweredAheadOfDataThatWaits) {
  Side side(Direction::outbound);
  Stream& stream = *side.session.open_stream(nullptr).value();
  side.stuck = side.options.data_backlog;
  ASSERT_TRUE(stream.write(base::Bytes(1000)));
  EXPECT_EQ(stream.pending_write(), 1000U);
  ASSERT_TRUE(side.receive(frame(FrameType::ping, kSyn, 0, 7)));
  EXPECT_EQ(side.out.size(), 2 * kHeaderSize);
  side.out.clear();
  side.stuck = 0;
  side.session.on_output_flushed();
  EXPECT_EQ(stream.pending_write(), 0U);
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::data, 0, 1, 1000}));
}

TEST(YamuxSession, GoAwayIsReportedOnceAndStopsOpening) {
  Side side(Direction::outbound);
  ASSERT_TRUE(side.session.open_stream(nullptr));
  ASSERT_TRUE(side.receive(frame(FrameType::go_away, 0, 0, 0x1005)));
  ASSERT_TRUE(side.receive(frame(FrameType::go_away, 0, 0, 0xfedcba98)));
  EXPECT_THAT(side.go_aways, ElementsAre(ConnectionCode::garbage_collected));
  EXPECT_EQ(side.session.open_stream(nullptr).error(), Error::session_closed);
  EXPECT_EQ(side.session.stream_count(), 1U);
}

TEST(YamuxSession, OurGoAwayRefusesNewStreamsAndKeepsOldOnes) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  side.session.go_away(ConnectionCode::shutdown);
  side.session.go_away(ConnectionCode::none);
  ASSERT_TRUE(side.receive(update_frame(3, kSyn)));
  ASSERT_TRUE(side.receive(data_frame(1, 4)));
  EXPECT_EQ(side.records[1].data.size(), 4U);
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::window_update, kAck, 1, 0},
                                               Header{FrameType::go_away, 0, 0, 0x1006},
                                               Header{FrameType::window_update, kRst, 3, 0x1007}));
  EXPECT_EQ(side.session.open_stream(nullptr).error(), Error::session_closed);
}

TEST(YamuxSession, CloseEndsAllStreamsAndIgnoresWhatComes) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  ASSERT_TRUE(side.receive(update_frame(3, kSyn)));
  side.flush();
  side.session.close(ConnectionCode::garbage_collected);
  side.session.close(ConnectionCode::none);
  EXPECT_EQ(side.records[1].reset, StreamCode::none);
  EXPECT_EQ(side.records[3].reset, StreamCode::none);
  EXPECT_THAT(side.closed, ElementsAre(1, 3));
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::go_away, 0, 0, 0x1005}));
  EXPECT_TRUE(side.records[1].destroyed && side.records[3].destroyed);
  ASSERT_TRUE(side.receive(update_frame(5, kSyn)));
  EXPECT_EQ(side.session.stream_count(), 0U);
  EXPECT_TRUE(side.out.empty());
}

TEST(YamuxSession, AbandonSaysNothingToThePeer) {
  Side side(Direction::inbound);
  ASSERT_TRUE(side.receive(update_frame(1, kSyn)));
  side.flush();
  side.session.abandon();
  EXPECT_EQ(side.records[1].reset, StreamCode::none);
  EXPECT_TRUE(side.out.empty());
}

TEST(YamuxSession, MayBeClosedFromWithinACallback) {
  Side side(Direction::inbound);
  bool destroyed_within = false;
  Record& record = side.new_record();
  side.accept = [&](Stream& stream) {
    auto handler = std::make_unique<ScriptedHandler>();
    handler->data = [&](Stream&, base::ByteView) {
      side.session.close(ConnectionCode::protocol_violation);
      destroyed_within = record.destroyed;
    };
    stream.set_handler(stream.id() == 1 ? std::unique_ptr<StreamHandler>(std::move(handler))
                                        : std::make_unique<RecordingHandler>(record));
  };
  base::Bytes bytes = update_frame(1, kSyn);
  base::append(bytes, update_frame(3, kSyn));
  base::append(bytes, data_frame(1, 10));
  base::append(bytes, update_frame(5, kSyn));
  ASSERT_TRUE(side.receive(bytes));
  EXPECT_THAT(side.inbound, ElementsAre(1, 3));
  EXPECT_EQ(record.reset, StreamCode::none);
  EXPECT_FALSE(destroyed_within);
  EXPECT_TRUE(record.destroyed);
}

TEST(YamuxSession, KeepAlivePingsASilentPeer) {
  Side side(Direction::outbound);
  EXPECT_EQ(side.session.next_timer(), side.now + 30s);
  side.now += 20s;
  ASSERT_TRUE(side.receive(update_frame(9, 0)));
  ASSERT_TRUE(side.session.on_timer(side.now + 10s));
  EXPECT_TRUE(side.out.empty());
  EXPECT_EQ(side.session.next_timer(), side.now + 30s);

  side.now += 30s;
  ASSERT_TRUE(side.session.on_timer(side.now));
  EXPECT_THAT(side.take_headers(), ElementsAre(Header{FrameType::ping, kSyn, 0, 1}));
  EXPECT_EQ(side.session.next_timer(), side.now + 10s);

  side.now += 25ms;
  ASSERT_TRUE(side.receive(frame(FrameType::ping, kAck, 0, 99)));  // not ours
  ASSERT_TRUE(side.receive(frame(FrameType::ping, kAck, 0, 1)));
  ASSERT_TRUE(side.receive(frame(FrameType::ping, kAck, 0, 1)));  // counts once
  EXPECT_THAT(side.rtts, ElementsAre(25ms));
  EXPECT_EQ(side.session.next_timer(), side.now + 30s);
}

TEST(YamuxSession, NoAnswerToAPingEndsTheSession) {
  Side side(Direction::outbound);
  side.now += 30s;
  ASSERT_TRUE(side.session.on_timer(side.now));
  ASSERT_TRUE(side.session.on_timer(side.now + 9s));
  const auto status = side.session.on_timer(side.now + 10s);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error(), Error::keep_alive_lost);
  EXPECT_FALSE(side.receive(update_frame(2, kSyn)));
}

TEST(YamuxSession, AnySignOfLifeCountsAsAnAnswer) {
  Side side(Direction::outbound);
  side.now += 30s;
  ASSERT_TRUE(side.session.on_timer(side.now));
  side.now += 5s;
  ASSERT_TRUE(side.receive(data_frame(9, 1)));
  ASSERT_TRUE(side.session.on_timer(side.now + 5s));
  EXPECT_EQ(side.session.next_timer(), side.now + 30s);
}

TEST(YamuxSession, OnePingAtATime) {
  Side side(Direction::outbound);
  side.session.send_ping(side.now);
  side.session.send_ping(side.now + 1s);
  EXPECT_EQ(side.take_headers().size(), 1U);
}

}  // namespace
}  // namespace mexport::libp2p::yamux
