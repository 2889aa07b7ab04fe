// SPDX-License-Identifier: MIT
#include "monitor/observation_queue.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace mexport::monitor {
namespace {

using testing::at_ms;

class ObservationQueueTest : public ::testing::Test {
 protected:
  void submit(std::int64_t ms) { queue_.submit(testing::connected(ms)); }

  /// The oldest item's time, and it goes.
  base::SteadyTime take_fact() {
    auto* item = queue_.front();
    if (!item || !std::holds_alternative<Fact>(*item)) return base::SteadyTime::min();
    const auto time = time_of(*item);
    queue_.pop();
    return time;
  }
  std::optional<LostFacts> take_lost() {
    auto* item = queue_.front();
    if (!item || !std::holds_alternative<LostFacts>(*item)) return std::nullopt;
    const auto lost = std::get<LostFacts>(*item);
    queue_.pop();
    return lost;
  }

  WakeUp wake_up_;
  ObservationQueue queue_{{.facts = 8, .bytes = 1 << 20}, wake_up_};
};

TEST_F(ObservationQueueTest, TellsWhoseMessagesWait) {
  auto fact = testing::received(1);
  const auto connection = fact.connection;
  const auto share = std::size_t{1 << 20} / 8;
  queue_.submit(Fact(fact));
  queue_.submit(std::move(fact));
  submit(2);
  EXPECT_EQ(connection->waiting.value(), 2 * share) << "small ones weigh what their number takes";
  EXPECT_EQ(queue_.waiting(), 3 * share);
  queue_.pop();
  EXPECT_EQ(connection->waiting.value(), share);
  const auto size = queue_.front_size();
  auto taken = queue_.take();
  EXPECT_TRUE(std::holds_alternative<BitswapMessageReceived>(taken.fact));
  EXPECT_EQ(connection->waiting.value(), 0U);
  EXPECT_EQ(queue_.waiting(), share + size) << "still held";
  taken.weight.reset();
  EXPECT_EQ(queue_.waiting(), share);
}

TEST_F(ObservationQueueTest, HandsFactsOnInOrder) {
  EXPECT_EQ(queue_.front(), nullptr);
  submit(1);
  submit(2);
  EXPECT_EQ(queue_.facts(), 2U);
  EXPECT_GT(queue_.bytes(), 2 * sizeof(Fact) - 1);
  EXPECT_EQ(take_fact(), at_ms(1));
  EXPECT_EQ(take_fact(), at_ms(2));
  EXPECT_EQ(queue_.front(), nullptr);
  EXPECT_EQ(queue_.facts(), 0U);
  EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(ObservationQueueTest, TellsOfALossBeforeTheFactAfterIt) {
  for (int i = 1; i <= 11; ++i) submit(i);  // 9, 10 and 11 do not fit
  EXPECT_EQ(queue_.facts(), 8U);
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(take_fact(), at_ms(i));
  submit(12);
  for (int i = 4; i <= 8; ++i) EXPECT_EQ(take_fact(), at_ms(i));
  const auto lost = take_lost();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->kind, EventKind::connection_event);
  EXPECT_EQ(lost->reason, LossReason::queue_full);
  EXPECT_EQ(lost->count, 3U);
  EXPECT_EQ(lost->first, at_ms(9));
  EXPECT_EQ(lost->last, at_ms(11));
  EXPECT_EQ(take_fact(), at_ms(12));
  EXPECT_EQ(queue_.front(), nullptr);
}

TEST_F(ObservationQueueTest, DropsOnUntilAQuarterIsFree) {
  for (int i = 1; i <= 9; ++i) submit(i);
  EXPECT_EQ(take_fact(), at_ms(1));
  submit(10);  // 7 of 8 wait: still dropping
  EXPECT_EQ(take_fact(), at_ms(2));
  submit(11);  // 6 of 8
  for (int i = 3; i <= 8; ++i) EXPECT_EQ(take_fact(), at_ms(i));
  const auto lost = take_lost();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->count, 2U);
  EXPECT_EQ(take_fact(), at_ms(11));
}

TEST_F(ObservationQueueTest, TellsOfALossThatNoFactFollows) {
  for (int i = 1; i <= 9; ++i) submit(i);
  queue_.submit(testing::received(10));
  for (int i = 1; i <= 8; ++i) EXPECT_EQ(take_fact(), at_ms(i));
  const auto first = take_lost();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, EventKind::connection_event);
  EXPECT_EQ(first->count, 1U);
  submit(11);  // comes after what was taken already
  const auto second = take_lost();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kind, EventKind::bitswap_message);
  EXPECT_EQ(take_fact(), at_ms(11));
  EXPECT_EQ(queue_.front(), nullptr);
}

TEST_F(ObservationQueueTest, BoundsTheBytes) {
  const auto large = [](std::int64_t ms) {
    testing::MessageBuilder builder;
    for (std::uint32_t i = 0; i < 5000; ++i) builder.want(i, 1, 0);
    return testing::received(ms, builder.build());
  };
  const auto size = memory_size(Fact(large(1)));
  ObservationQueue queue({.facts = 100, .bytes = size * 2 + size / 2}, wake_up_);
  for (int i = 1; i <= 4; ++i) queue.submit(large(i));
  EXPECT_EQ(queue.facts(), 2U);
  queue.pop();
  queue.pop();
  ASSERT_NE(queue.front(), nullptr);
  const auto lost = std::get<LostFacts>(*queue.front());
  EXPECT_EQ(lost.reason, LossReason::queue_bytes);
  EXPECT_EQ(lost.count, 2U);
}

TEST_F(ObservationQueueTest, TakesOneFactOfAnySizeWhenNothingWaits) {
  ObservationQueue queue({.facts = 8, .bytes = 1}, wake_up_);
  queue.submit(testing::connected(1));
  EXPECT_EQ(queue.facts(), 1U);
}

TEST_F(ObservationQueueTest, SaysSinceWhenItsWriterIsBusy) {
  EXPECT_EQ(queue_.busy_since(), base::SteadyTime::max());
  queue_.begin_batch(at_ms(5));
  EXPECT_EQ(queue_.busy_since(), at_ms(5));
  queue_.end_batch();
  EXPECT_EQ(queue_.busy_since(), base::SteadyTime::max());
}

// Every fact that was submitted is either handed on or counted as lost, in order.
TEST_F(ObservationQueueTest, WakesItsReaderForFactsAlone) {
  const auto woken_by = [&](bool fact) {
    wake_up_.prepare();
    queue_.begin_batch(at_ms(1));
    if (fact) submit(1);
    queue_.end_batch();
    return wake_up_.wait(std::chrono::milliseconds(0));
  };
  EXPECT_FALSE(woken_by(false));
  EXPECT_TRUE(woken_by(true));
  EXPECT_FALSE(woken_by(false));
}

TEST(ObservationQueueThreads, LosesNothingUncounted) {
  constexpr std::int64_t kFacts = 100'000;
  WakeUp wake_up;
  ObservationQueue queue({.facts = 64, .bytes = 1 << 20}, wake_up);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (std::int64_t i = 0; i < kFacts; ++i) {
      if (i % 10 == 0) queue.begin_batch(at_ms(i));
      queue.submit(testing::connected(i));
      if (i % 10 == 9) queue.end_batch();
    }
    done = true;
    wake_up.signal();
  });
  std::int64_t next = 0;
  for (;;) {
    const bool last_look = done;
    while (auto* item = queue.front()) {
      if (const auto* lost = std::get_if<LostFacts>(item)) {
        next += static_cast<std::int64_t>(lost->count);
        ASSERT_EQ(lost->last, at_ms(next - 1));
      } else {
        ASSERT_EQ(time_of(*item), at_ms(next++));
      }
      queue.pop();
    }
    if (last_look) break;
    wake_up.prepare();
    if (queue.front()) {
      wake_up.cancel();
    } else {
      wake_up.wait(std::chrono::milliseconds(1));
    }
  }
  writer.join();
  EXPECT_EQ(next, kFacts);
  EXPECT_EQ(queue.facts(), 0U);
  EXPECT_EQ(queue.bytes(), 0U);
}

}  // namespace
}  // namespace mexport::monitor
