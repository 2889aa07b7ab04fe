// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/answer_queue.hpp"

#include "ipfs/bitswap/protocols.hpp"
#include "tests/unit/ipfs/fixture.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mexport::ipfs {
namespace {

using std::chrono::milliseconds;

class AnswerQueueTest : public testing::Test {
 protected:
  AnswerQueueTest() { opener.spoken.insert("/ipfs/bitswap/1.2.0"); }

  void ask(std::uint32_t number) {
    const auto cid = numbered_cid(number);
    queue->add(shared.hasher(cid), cid);
  }
  void ask_many(std::uint32_t from, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) ask(from + i);
    queue->settle();
  }
  void cancel(std::uint32_t number) { queue->cancel(shared.hasher(numbered_cid(number))); }

  std::vector<std::string> answered(std::size_t stream) {
    std::vector<std::string> out;
    for (const auto& message : messages_in(opener.streams.at(stream)->stream.written)) {
      for (const auto& presence : message.presences) {
        EXPECT_EQ(presence.type, 1);
        out.push_back(base::to_hex(message.cid(presence.cid)));
      }
    }
    return out;
  }
  std::size_t answered_on_all() {
    std::size_t out = 0;
    for (std::size_t i = 0; i < opener.streams.size(); ++i) out += answered(i).size();
    return out;
  }
  static std::string hex(std::uint32_t number) { return base::to_hex(numbered_cid(number)); }

  TestRuntime runtime;
  BitswapShared shared{runtime, {}};
  FakeOpener opener;
  std::optional<AnswerQueue> queue{std::in_place, shared, opener};
};

class KeptAnswerStream : public AnswerQueueTest {
 protected:
  void answer(std::uint32_t number) {
    ask_many(number, 1);
    runtime.advance(milliseconds(100));
  }
  libp2p::FakeStream& stream(std::size_t i) { return opener.streams.at(i)->stream; }
};

TEST_F(AnswerQueueTest, GathersForAWhileThenAnswersOnAStreamOfItsOwn) {
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(60));
  ask(2);
  queue->settle();
  EXPECT_TRUE(opener.streams.empty());
  runtime.advance(milliseconds(40));
  ASSERT_EQ(opener.streams.size(), 1U);
  EXPECT_EQ(answered(0), (std::vector<std::string>{hex(1), hex(2)}));
  EXPECT_TRUE(opener.streams[0]->stream.write_closed);
  EXPECT_EQ(queue->pending(), 0U);
  EXPECT_EQ(opener.held, 0U);
  EXPECT_EQ(shared.counters.answers_sent.value(), 2U);
}

TEST_F(AnswerQueueTest, WritesWhatTheReferenceWrites) {
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(100));
  EXPECT_EQ(base::to_hex(opener.streams.at(0)->stream.written), "2c0a0022280a24" + hex(1) + "1001");
}

TEST_F(AnswerQueueTest, AnswersEachCidOnce) {
  ask(1);
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(100));
  EXPECT_EQ(answered(0).size(), 1U);
}

TEST_F(AnswerQueueTest, ACancelDropsTheAnswer) {
  ask(1);
  ask(2);
  queue->settle();
  cancel(1);
  runtime.advance(milliseconds(100));
  EXPECT_EQ(answered(0), std::vector<std::string>{hex(2)});
  EXPECT_EQ(shared.counters.answers_cancelled.value(), 1U);
}

TEST_F(AnswerQueueTest, WithAllCancelledNothingIsSent) {
  ask(1);
  queue->settle();
  cancel(1);
  runtime.advance(milliseconds(1000));
  EXPECT_TRUE(opener.streams.empty());
  ask(2);
  ask(3);
  queue->settle();
  queue->cancel_all();
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
  EXPECT_EQ(opener.held, 0U);
  EXPECT_EQ(shared.counters.answers_cancelled.value(), 3U);
}

TEST_F(AnswerQueueTest, AFullMessageGoesAtOnce) {
  ask_many(0, 500);
  ASSERT_EQ(opener.streams.size(), 1U);
  const auto size = opener.streams[0]->stream.written.size();
  EXPECT_GE(size, kAnswerMessageTarget);
  EXPECT_LT(size, kAnswerMessageTarget + 100);
  runtime.advance(milliseconds(100));
  EXPECT_EQ(opener.streams.size(), 2U);
  EXPECT_EQ(answered_on_all(), 500U);
}

TEST_F(AnswerQueueTest, HoldsBackWhenEightStreamsAreOpen) {
  ask_many(0, 4000);
  EXPECT_EQ(opener.streams.size(), BitswapOptions().max_answer_streams);
  const std::size_t waiting = queue->pending();
  EXPECT_GT(waiting, 0U);
  runtime.advance(milliseconds(200));
  EXPECT_EQ(opener.streams.size(), BitswapOptions().max_answer_streams);
  const std::size_t first = answered(0).size();
  opener.streams.erase(opener.streams.begin());  // the peer closed it
  EXPECT_EQ(opener.streams.size(), BitswapOptions().max_answer_streams - 1)
      << "nothing opens within a destructor";
  runtime.advance(milliseconds(1));
  EXPECT_EQ(opener.streams.size(), BitswapOptions().max_answer_streams);
  EXPECT_LT(queue->pending(), waiting);
  cancel(3999);
  EXPECT_EQ(shared.counters.answers_cancelled.value(), 1U) << "found after the move up";
  while (queue->pending() > 0) {
    opener.streams.erase(opener.streams.begin());
    runtime.advance(milliseconds(1));
  }
  EXPECT_GT(first, 300U);
  EXPECT_EQ(shared.counters.answers_sent.value(), 3999U);
}

TEST_F(AnswerQueueTest, IsBoundedInAnswersAndTellsItsBytes) {
  for (std::uint32_t i = 0; i < BitswapOptions().max_pending_answers + 5; ++i) ask(i);
  EXPECT_EQ(queue->pending(), BitswapOptions().max_pending_answers);
  EXPECT_EQ(shared.counters.answers_dropped_full.value(), 5U);

  queue->settle();
  EXPECT_GT(queue->pending(), 0U);
  EXPECT_GE(opener.held, queue->pending() * numbered_cid(1).size());
  queue->close();
  EXPECT_EQ(opener.held, 0U);
}

TEST_F(AnswerQueueTest, HalfOfWhatOthersLeaveFreeIsThePeersOwn) {
  shared.answer_bytes = shared.options.answer_bytes / 2;
  ask_many(0, 4000);
  const auto room = shared.options.answer_bytes / 4;
  const auto each = numbered_cid(0).size() + 30;
  EXPECT_GE(queue->pending() + answered_on_all(), room / each);
  EXPECT_LT(queue->pending() + answered_on_all(), room / numbered_cid(0).size());
  EXPECT_EQ(queue->pending() + answered_on_all() + shared.counters.answers_dropped_share.value(),
            4000U);
  EXPECT_EQ(shared.counters.answers_dropped_full.value(), 0U);
}

TEST_F(AnswerQueueTest, APeerIsAnsweredWhateverOthersLeaveUnread) {
  shared.answer_bytes = 10 * shared.options.answer_bytes;
  ask_many(0, 400);
  EXPECT_EQ(shared.counters.answers_dropped_share.value(), 0U);
  ask_many(400, 4000);
  EXPECT_GT(shared.counters.answers_dropped_share.value(), 0U);
}

TEST_F(AnswerQueueTest, WhatNobodyReadsStaysWithinTheShares) {
  opener.spoken.clear();  // so that nothing is written
  std::vector<std::unique_ptr<AnswerQueue>> queues;
  constexpr std::size_t kQueues = 100;
  for (std::size_t peer = 0; peer < kQueues; ++peer) {
    auto& unread = *queues.emplace_back(std::make_unique<AnswerQueue>(shared, opener));
    for (std::uint32_t i = 0; i < 4000; ++i) {
      const auto cid = numbered_cid(i);
      unread.add(shared.hasher(cid), cid);
    }
    unread.settle();
  }
  EXPECT_LE(shared.answer_bytes, shared.options.answer_bytes + kQueues * 2 * kAnswerBytesAlways);
  for (auto& unread : queues) unread->close();
  EXPECT_EQ(shared.answer_bytes, 0U);
}

TEST_F(AnswerQueueTest, ProposesInTurnWhileIdentifyIsOut) {
  opener.spoken.clear();
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(100));
  auto& opened = *opener.streams.at(0);
  EXPECT_EQ(opened.proposals,
            (std::vector<std::string>{"/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0"}));
  EXPECT_TRUE(opened.stream.written.empty());
  opened.agree(kPresenceProtocols[1]);
  EXPECT_EQ(answered(0), std::vector<std::string>{hex(1)});
  EXPECT_TRUE(opened.stream.write_closed);
}

TEST_F(AnswerQueueTest, WritesAtOnceWhatThePeerIsKnownToSpeak) {
  opener.spoken = {"/ipfs/bitswap/1.1.0"};
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(100));
  EXPECT_EQ(opener.streams.at(0)->proposals, std::vector<std::string>{"/ipfs/bitswap/1.1.0"});
  EXPECT_EQ(opener.streams[0]->form, libp2p::multistream::Form::lazy);
  EXPECT_EQ(answered(0).size(), 1U);
}

TEST_F(AnswerQueueTest, CountsWhatFindsNoStream) {
  opener.spoken.clear();
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(100));
  opener.streams.at(0)->refuse();
  EXPECT_EQ(queue->open_streams(), 0U);
  EXPECT_EQ(shared.counters.answers_dropped_failed.value(), 1U);
  opener.failing = true;
  ask_many(0, 1000);
  runtime.advance(milliseconds(100));
  EXPECT_EQ(queue->pending(), 0U);
  EXPECT_EQ(shared.counters.answers_dropped_failed.value(), 1001U);
}

TEST_F(AnswerQueueTest, GivesUpOnAPeerThatDoesNotClose) {
  ask(1);
  queue->settle();
  runtime.advance(milliseconds(100));
  auto& stream = opener.streams.at(0)->stream;
  runtime.advance(milliseconds(9'999));
  EXPECT_FALSE(stream.ended());
  runtime.advance(milliseconds(1));
  EXPECT_TRUE(stream.reset_code);
  EXPECT_EQ(shared.counters.answer_streams_timed_out.value(), 1U);
}

TEST_F(KeptAnswerStream, CarriesTheNextMessagesToWhoAsksOften) {
  answer(1);
  EXPECT_TRUE(stream(0).write_closed) << "nothing is known of this peer yet";
  answer(2);
  answer(3);
  ASSERT_EQ(opener.streams.size(), 2U);
  EXPECT_FALSE(stream(1).write_closed);
  EXPECT_EQ(answered(1), (std::vector<std::string>{hex(2), hex(3)}));
  EXPECT_EQ(shared.counters.answer_messages_sent.value(), 3U);
  EXPECT_EQ(shared.counters.answers_sent.value(), 3U);
}

TEST_F(KeptAnswerStream, IsNotForWhoAsksRarely) {
  for (std::uint32_t i = 0; i < 3; ++i) {
    answer(i);
    EXPECT_TRUE(stream(i).write_closed);
    runtime.advance(kAnswerStreamTime);
  }
}

TEST_F(KeptAnswerStream, NorForOneWhoseProtocolsAreNotKnown) {
  opener.spoken.clear();
  for (std::uint32_t i = 0; i < 2; ++i) {
    answer(i);
    opener.streams.at(i)->agree(kPresenceProtocols[0]);
    EXPECT_TRUE(stream(i).write_closed);
  }
}

TEST_F(KeptAnswerStream, IsClosedAfterItsTime) {
  answer(1);
  answer(2);
  runtime.advance(kAnswerStreamTime - milliseconds(100));
  answer(3);
  EXPECT_EQ(answered(1).size(), 2U) << "until its last moment";
  EXPECT_TRUE(stream(1).write_closed);
  answer(4);
  EXPECT_EQ(answered(2), std::vector<std::string>{hex(4)});
  runtime.advance(BitswapOptions().answer_timeout - milliseconds(101));
  EXPECT_FALSE(stream(1).ended()) << "the peer's time begins with our close";
  runtime.advance(milliseconds(1));
  EXPECT_TRUE(stream(1).ended());
}

TEST_F(KeptAnswerStream, IsReplacedWhenThePeerResetsIt) {
  answer(1);
  answer(2);
  stream(1).peer_resets(libp2p::StreamCode::none);
  answer(3);
  EXPECT_EQ(answered(2), std::vector<std::string>{hex(3)});
  opener.streams.erase(opener.streams.begin() + 1);
  answer(4);
  EXPECT_EQ(answered(1), (std::vector<std::string>{hex(3), hex(4)}));
  EXPECT_EQ(shared.counters.answers_dropped_failed.value(), 0U);
}

TEST_F(KeptAnswerStream, EndsWithThePeersClose) {
  answer(1);
  answer(2);
  stream(1).peer_closes();
  EXPECT_TRUE(stream(1).write_closed);
  answer(3);
  EXPECT_EQ(answered(2), std::vector<std::string>{hex(3)});
}

TEST_F(KeptAnswerStream, IsGivenUpWhenThePeerDoesNotRead) {
  answer(1);
  for (std::uint32_t i = 2; i < 20; ++i) {
    answer(i);
    opener.streams.back()->stream.pending = 1;
  }
  EXPECT_EQ(opener.streams.size(), BitswapOptions().max_answer_streams);
  for (const auto& opened : opener.streams) {
    EXPECT_TRUE(opened->stream.write_closed);
    EXPECT_EQ(messages_in(opened->stream.written).size(), 1U);
  }
  EXPECT_EQ(queue->pending(), 11U);
}

TEST_F(KeptAnswerStream, CarriesNoMoreThanItMay) {
  constexpr std::uint32_t kEach = 200;  // some 8 KiB
  for (std::uint32_t i = 0; i < 12; ++i) {
    ask_many(i * kEach, kEach);
    runtime.advance(milliseconds(100));
  }
  EXPECT_EQ(opener.streams.size(), 1U + 4);
  for (const auto& opened : opener.streams) {
    EXPECT_LE(opened->stream.written.size(), kAnswerStreamSize);
    EXPECT_EQ(opened->stream.write_closed, opened != opener.streams.back());
  }
  EXPECT_EQ(answered_on_all(), 12U * kEach);
}

TEST_F(KeptAnswerStream, KeepsSomeOfTheQueuesMemory) {
  answer(1);
  EXPECT_EQ(opener.held, 0U);
  answer(2);
  EXPECT_GT(opener.held, 0U);
  EXPECT_LE(opener.held, kKeptAnswerMemory);
  ask_many(1000, 500);
  runtime.advance(milliseconds(100));
  EXPECT_LE(opener.held, kKeptAnswerMemory);
  answer(3);
  runtime.advance(kAnswerStreamTime);
  EXPECT_EQ(opener.held, 0U);
}

TEST_F(KeptAnswerStream, KeepsNoMemoryWhenAllQueuesTakeMuch) {
  shared.answer_bytes = BitswapOptions().answer_bytes / 2;
  answer(1);
  answer(2);
  EXPECT_FALSE(stream(1).write_closed);
  EXPECT_EQ(opener.held, 0U);
}

TEST_F(KeptAnswerStream, GoesWithTheQueue) {
  answer(1);
  answer(2);
  ask(3);
  queue->close();
  EXPECT_EQ(opener.held, 0U);
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
  EXPECT_EQ(shared.counters.answers_dropped_failed.value(), 1U);
  stream(1).peer_closes();
  opener.streams.clear();
}

TEST_F(KeptAnswerStream, LeavesNothingBehindWhenItsConnectionFails) {
  answer(1);
  opener.failing = true;
  answer(2);
  opener.failing = false;
  answer(3);
  EXPECT_EQ(answered(1), std::vector<std::string>{hex(3)});
  EXPECT_EQ(shared.counters.answers_dropped_failed.value(), 1U);
}

TEST_F(AnswerQueueTest, HoldsNoTimerWhenNothingIsOwed) {
  ask(1);
  queue->settle();
  EXPECT_EQ(runtime.timers().armed_count(), 1U);
  runtime.advance(milliseconds(100));
  EXPECT_EQ(runtime.timers().armed_count(), 1U) << "the stream's deadline";
  opener.streams.clear();
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
}

TEST_F(AnswerQueueTest, MayGoBeforeItsStreams) {
  opener.spoken.clear();
  ask_many(0, 1000);
  ASSERT_FALSE(opener.streams.empty());
  queue->close();
  EXPECT_EQ(opener.held, 0U);
  queue.reset();
  opener.streams[0]->agree(kPresenceProtocols[0]);
  opener.streams.clear();
  EXPECT_EQ(runtime.timers().armed_count(), 0U);
}

}  // namespace
}  // namespace mexport::ipfs
