// SPDX-License-Identifier: MIT
// Two sessions back to back, with random fragmentation and a random course of events.
#include "libp2p/stream_error.hpp"
#include "tests/unit/libp2p/yamux_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::libp2p::yamux {
namespace {

using testing::ElementsAre;

base::Bytes random_bytes(base::Random& random, std::size_t size) {
  base::Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

class YamuxPair : public testing::TestWithParam<std::uint64_t> {
 protected:
  base::SeededRandom random{GetParam()};
  Side dialler{Direction::outbound};
  Side listener{Direction::inbound};
};

INSTANTIATE_TEST_SUITE_P(Seeds, YamuxPair, testing::Range<std::uint64_t>(1, 21));

TEST_P(YamuxPair, ManyStreamsCarryEverythingBothWays) {
  struct Talk {
    Record& at_dialler;
    base::Bytes up;
    base::Bytes down;
    std::uint64_t id = 0;
    bool open = true;
  };
  std::vector<Talk> talks;
  for (int i = 0; i < 12; ++i) {
    Talk& talk = talks.emplace_back(dialler.new_record());
    talk.id = dialler.session.open_stream(std::make_unique<RecordingHandler>(talk.at_dialler))
                  .value()
                  ->id();
  }
  exchange(dialler, listener, random);

  const auto say = [this](Side& side, Talk& talk, base::Bytes& said) {
    const base::Bytes bytes = random_bytes(random, random.below(120'000));
    if (side.session.find_stream(talk.id)->write(bytes)) base::append(said, bytes);
  };
  for (int round = 0; round < 60; ++round) {
    Talk& talk = talks[random.below(talks.size())];
    if (!talk.open) continue;
    switch (random.below(8)) {
      case 0:
        dialler.session.find_stream(talk.id)->close_write();
        listener.session.find_stream(talk.id)->close_write();
        talk.open = false;
        break;
      case 1:
      case 2:
      case 3:
        say(listener, talk, talk.down);
        break;
      default:
        say(dialler, talk, talk.up);
    }
    if (random.below(3) == 0) exchange(dialler, listener, random);
  }
  exchange(dialler, listener, random);

  std::size_t open = 0;
  for (Talk& talk : talks) {
    const Record& at_listener = listener.records[talk.id];
    EXPECT_EQ(at_listener.data, talk.up);
    EXPECT_EQ(talk.at_dialler.data, talk.down);
    EXPECT_EQ(at_listener.remote_closes, talk.open ? 0 : 1);
    EXPECT_EQ(talk.at_dialler.remote_closes, talk.open ? 0 : 1);
    EXPECT_EQ(talk.at_dialler.destroyed, !talk.open);
    open += talk.open ? 1U : 0U;
  }
  EXPECT_EQ(dialler.session.stream_count(), open);
  EXPECT_EQ(listener.session.stream_count(), open);
}

TEST_P(YamuxPair, ResetsCarryCodesBothWays) {
  Record& record = dialler.new_record();
  dialler.session.open_stream(std::make_unique<RecordingHandler>(record)).value();
  Stream* second = dialler.session.open_stream(nullptr).value();
  exchange(dialler, listener, random);
  listener.session.find_stream(1)->reset(StreamCode::gated);
  second->reset(StreamCode::supplanted);
  exchange(dialler, listener, random);
  EXPECT_EQ(record.reset, StreamCode::gated);
  EXPECT_EQ(listener.records[3].reset, StreamCode::supplanted);
  EXPECT_EQ(dialler.session.stream_count() + listener.session.stream_count(), 0U);
}

TEST_P(YamuxPair, AStreamNobodyReadsStopsAtItsWindowAndResumes) {
  Record& unread = listener.new_record();
  Stream* at_listener = nullptr;
  listener.accept = [&](Stream& stream) {
    at_listener = &stream;
    stream.set_handler(
        std::make_unique<RecordingHandler>(unread, RecordingHandler::Consume::never));
  };
  Record& record = dialler.new_record();
  Stream* stream = dialler.session.open_stream(std::make_unique<RecordingHandler>(record)).value();
  const base::Bytes bytes = random_bytes(random, 1'000'000);
  ASSERT_TRUE(stream->write(bytes));
  exchange(dialler, listener, random);
  EXPECT_EQ(unread.data.size(), kInitialWindow);
  EXPECT_EQ(stream->pending_write(), bytes.size() - kInitialWindow);

  while (unread.data.size() < bytes.size()) {
    at_listener->consume(kInitialWindow / 2);
    exchange(dialler, listener, random);
  }
  EXPECT_EQ(unread.data, bytes);
  EXPECT_EQ(record.drained, 1);
}

TEST_P(YamuxPair, PingsMeasureTheRoundTrip) {
  dialler.session.send_ping(dialler.now);
  dialler.now += std::chrono::milliseconds(40);
  exchange(dialler, listener, random);
  EXPECT_THAT(dialler.rtts, ElementsAre(std::chrono::milliseconds(40)));
}

TEST_P(YamuxPair, CloseTellsThePeerWhy) {
  Record& record = dialler.new_record();
  dialler.session.open_stream(std::make_unique<RecordingHandler>(record)).value();
  exchange(dialler, listener, random);
  dialler.session.close(ConnectionCode::supplanted);
  exchange(dialler, listener, random);
  EXPECT_THAT(listener.go_aways, ElementsAre(ConnectionCode::supplanted));
  EXPECT_EQ(listener.session.open_stream(nullptr).error(), Error::session_closed);
}

}  // namespace
}  // namespace mexport::libp2p::yamux
