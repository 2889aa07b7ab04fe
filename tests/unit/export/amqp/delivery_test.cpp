// SPDX-License-Identifier: MIT
// The delivery on a virtual clock, against a broker that the test plays.
#include "export/amqp/delivery.hpp"

#include "export/amqp/memory_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace mexport::exporter::amqp {
namespace {

using monitor::EventKind;
using monitor::LossReason;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kKey = "monitor.m.bitswap_messages";
constexpr auto kOtherKey = "monitor.m.conn_events";

/// A store that can be told to fail.
class FailingStore final : public BodyStore {
 public:
  base::Result<std::vector<SpooledBody>> append(std::span<SpooledBody> bodies) override {
    if (broken) return base::fail(std::make_error_code(std::errc::no_space_on_device));
    return inner.append(bodies);
  }
  base::Result<std::vector<SpooledBody>> oldest(std::string_view key, std::int64_t after,
                                                std::size_t bodies, std::size_t bytes) override {
    return inner.oldest(key, after, bodies, bytes);
  }
  base::Status pass(std::string_view key, const SpoolCursor& cursor) override {
    return inner.pass(key, cursor);
  }
  std::optional<SpoolCursor> cursor(std::string_view key) const override {
    return inner.cursor(key);
  }
  std::map<std::string, SpoolStatistics> by_routing_key() const override {
    return inner.by_routing_key();
  }
  bool durable() const override { return lasts; }

  MemoryStore inner{std::size_t{1} << 20};
  bool broken = false;
  bool lasts = true;
};

struct DeliveryTest : ::testing::Test {
  Delivery& delivery() {
    if (!delivery_) delivery_.emplace(options, store);
    return *delivery_;
  }
  /// As after the end of the process: the store is all that is left.
  void restart() { delivery_.reset(); }

  void add(std::uint64_t first, std::uint64_t last, const std::string& key = kKey,
           const std::string& run = "run") {
    SpooledBody body;
    body.routing_key = key;
    body.kind = key == kKey ? EventKind::bitswap_message : EventKind::connection_event;
    body.run_id = run;
    body.first = first;
    body.last = last;
    body.events = static_cast<std::uint32_t>(last - first + 1);
    body.body = base::Bytes(body_size, 'x');
    delivery().add(std::move(body), now);
  }
  void pass_time(milliseconds duration) {
    now += duration;
    EXPECT_TRUE(delivery().upkeep(now));
  }
  /// Sends what may be sent; the first numbers of what went out.
  std::vector<std::uint64_t> send() {
    std::vector<std::uint64_t> firsts;
    while (const auto* next = delivery().next(now)) {
      firsts.push_back(next->body.first);
      last_context = next->context;
      delivery().sent(++tag, now);
    }
    return firsts;
  }
  void acknowledge_all() { delivery().acknowledged(tag, true, now); }
  void return_one(std::uint64_t first) {
    delivery().returned(kKey, "run", first);
    delivery().acknowledged(tag, false, now);
  }
  std::uint64_t lost(LossReason reason, EventKind kind = EventKind::bitswap_message) {
    return delivery().counters().lost[static_cast<std::size_t>(kind)]
                                     [static_cast<std::size_t>(reason)];
  }
  std::uint64_t events() {
    return delivery().counters().events[static_cast<std::size_t>(EventKind::bitswap_message)];
  }
  std::uint64_t spooled() {
    std::uint64_t count = 0;
    for (const auto& [key, waiting] : store.by_routing_key()) count += waiting.batches;
    return count;
  }

  Delivery::Options options;
  FailingStore store;
  base::SteadyTime now{std::chrono::hours(1)};
  std::uint64_t tag = 0;
  std::size_t body_size = 100;
  BodyContext last_context;

 private:
  std::optional<Delivery> delivery_;
};

TEST_F(DeliveryTest, SendsWhatComesAndForgetsWhatIsConfirmed) {
  delivery().connected(now);
  add(1, 5);
  add(6, 6);
  EXPECT_THAT(send(), ElementsAre(1, 6));
  now += milliseconds(3);
  delivery().acknowledged(1, false, now);
  EXPECT_EQ(events(), 5U);
  delivery().acknowledged(2, false, now);
  EXPECT_EQ(events(), 6U);
  EXPECT_TRUE(delivery().idle());
  EXPECT_EQ(delivery().counters().confirmed, 2U);
  EXPECT_EQ(delivery().counters().latency.sum, milliseconds(6));
  EXPECT_EQ(delivery().counters().batch_events.counts[0], 1U);  // one event
  EXPECT_EQ(delivery().counters().batch_events.counts[3], 1U);  // five, up to eight
  pass_time(seconds(5));
  EXPECT_EQ(delivery().counters().stored, 0U);
}

TEST_F(DeliveryTest, TakesAConfirmOfSeveral) {
  delivery().connected(now);
  for (std::uint64_t i = 1; i <= 4; ++i) add(i, i);
  send();
  delivery().acknowledged(3, true, now);
  EXPECT_EQ(events(), 3U);
  EXPECT_EQ(delivery().in_flight(), 1U);
  delivery().acknowledged(9, false, now);  // of nothing that we know
  EXPECT_EQ(delivery().in_flight(), 1U);
}

TEST_F(DeliveryTest, SendsNothingBeforeThereIsAConnection) {
  add(1, 1);
  EXPECT_THAT(send(), IsEmpty());
  delivery().connected(now);
  EXPECT_THAT(send(), ElementsAre(1));
}

TEST_F(DeliveryTest, KeepsTheWindow) {
  options.window_bodies = 2;
  delivery().connected(now);
  for (std::uint64_t i = 1; i <= 5; ++i) add(i, i);
  EXPECT_THAT(send(), ElementsAre(1, 2));
  delivery().acknowledged(1, false, now);
  EXPECT_THAT(send(), ElementsAre(3));
  acknowledge_all();
  EXPECT_THAT(send(), ElementsAre(4, 5));
}

TEST_F(DeliveryTest, SpoolsWhatIsNotConfirmedSoon) {
  delivery().connected(now);
  add(1, 1);
  send();
  pass_time(milliseconds(99));
  EXPECT_EQ(spooled(), 0U);
  pass_time(milliseconds(1));
  EXPECT_EQ(spooled(), 1U);
  acknowledge_all();
  pass_time(seconds(1));
  EXPECT_EQ(spooled(), 0U);
  EXPECT_EQ(store.cursor(kKey)->last, 1U);
}

TEST_F(DeliveryTest, SendsAgainInOrderWhatALostConnectionTook) {
  delivery().connected(now);
  for (std::uint64_t i = 1; i <= 3; ++i) add(i, i);
  send();
  delivery().acknowledged(2, false, now);  // out of order
  delivery().disconnected(now);
  EXPECT_THAT(send(), IsEmpty());
  add(4, 4);
  delivery().connected(now);
  EXPECT_THAT(send(), ElementsAre(1));  // to see whether anything is bound
  acknowledge_all();
  EXPECT_THAT(send(), ElementsAre(3, 4));
  EXPECT_EQ(delivery().counters().republished, 2U);
}

TEST_F(DeliveryTest, PutsLiveBodiesBehindThoseThatWait) {
  options.window_bodies = 2;
  options.replay_rate = 1e6;
  for (std::uint64_t i = 1; i <= 6; ++i) add(i, i);
  pass_time(milliseconds(100));
  EXPECT_EQ(spooled(), 6U);
  delivery().connected(now);
  add(7, 7);
  std::vector<std::uint64_t> order;
  for (int i = 0; i < 20 && !delivery().idle(); ++i) {
    for (const auto first : send()) order.push_back(first);
    acknowledge_all();
    pass_time(milliseconds(100));
  }
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4, 5, 6, 7));
  pass_time(seconds(1));
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(DeliveryTest, ReplaysAtItsRateAndAtTwiceTheLiveRate) {
  options.replay_rate = 10;
  options.window_bodies = 1000;
  for (std::uint64_t i = 1; i <= 500; ++i) add(i, i);
  pass_time(milliseconds(100));
  restart();
  const auto sent_in_ten_seconds = [&](int live_per_second) {
    std::size_t sent = 0;
    std::uint64_t next = 501;
    delivery().connected(now);
    for (int i = 0; i < 1000; ++i) {
      if (live_per_second > 0 && i % (100 / live_per_second) == 0) {
        add(next, next, kOtherKey);
        ++next;
      }
      pass_time(milliseconds(10));
      while (const auto* body = delivery().next(now)) {
        if (body->body.routing_key == kKey) ++sent;
        delivery().sent(++tag, now);
      }
      acknowledge_all();
    }
    delivery().disconnected(now);
    return sent;
  };
  EXPECT_NEAR(static_cast<double>(sent_in_ten_seconds(0)), 100, 25);
  EXPECT_NEAR(static_cast<double>(sent_in_ten_seconds(20)), 280, 50);
}

TEST_F(DeliveryTest, GivesUpAtOnceWhatNobodyWantsLive) {
  delivery().connected(now);
  add(1, 3);
  send();
  return_one(1);
  EXPECT_EQ(lost(LossReason::unrouted), 3U);
  EXPECT_EQ(events(), 0U);
  EXPECT_TRUE(delivery().idle());
  add(4, 4);
  EXPECT_THAT(send(), ElementsAre(4));
  EXPECT_EQ(last_context.missing, (MissingRange{"run", 1, 3}));
}

TEST_F(DeliveryTest, HoldsAfterAnOutageUntilSomethingIsBound) {
  delivery().disconnected(now);
  for (std::uint64_t i = 1; i <= 3; ++i) add(i, i);
  delivery().connected(now);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(send(), ElementsAre(1));
    return_one(1);
    EXPECT_THAT(send(), IsEmpty());
    pass_time(milliseconds(500));
  }
  EXPECT_THAT(send(), ElementsAre(1));
  acknowledge_all();
  EXPECT_THAT(send(), ElementsAre(2, 3));
  acknowledge_all();
  EXPECT_EQ(events(), 3U);
  EXPECT_EQ(lost(LossReason::unrouted), 0U);
}

TEST_F(DeliveryTest, GivesUpWhenTheHoldIsOver) {
  options.hold_outage = minutes(1);
  delivery().disconnected(now);
  for (std::uint64_t i = 1; i <= 3; ++i) add(i, i);
  delivery().connected(now);
  send();
  return_one(1);
  pass_time(seconds(61));
  std::size_t tries = 0;
  while (!delivery().idle() && ++tries < 10) {
    const auto firsts = send();
    for (const auto first : firsts) delivery().returned(kKey, "run", first);
    acknowledge_all();
  }
  EXPECT_EQ(lost(LossReason::unrouted), 3U);
  const SinkGap gap{.range = {.kind = EventKind::bitswap_message,
                              .reason = LossReason::unrouted,
                              .from = 1,
                              .to = 3},
                    .run_id = "run"};
  EXPECT_THAT(delivery().gaps().take(), ElementsAre(gap));
  EXPECT_THAT(delivery().gaps().take(), IsEmpty());
}

TEST_F(DeliveryTest, HoldsNoMoreThanItMay) {
  options.hold_outage = minutes(1);
  options.hold_bytes = 250;
  delivery().disconnected(now);
  for (std::uint64_t i = 1; i <= 5; ++i) add(i, i);
  delivery().connected(now);
  pass_time(seconds(1));
  EXPECT_THAT(send(), ElementsAre(1));
  return_one(1);
  EXPECT_THAT(send(), ElementsAre(2, 3, 4, 5));
  for (std::uint64_t first = 2; first <= 5; ++first) delivery().returned(kKey, "run", first);
  acknowledge_all();
  EXPECT_EQ(lost(LossReason::unrouted), 3U);
  pass_time(seconds(2));  // until the store knows, and the next try
  EXPECT_THAT(send(), ElementsAre(4));
  return_one(4);
  EXPECT_EQ(lost(LossReason::unrouted), 3U);
  pass_time(seconds(1));
  EXPECT_THAT(send(), ElementsAre(4));
  acknowledge_all();
  EXPECT_THAT(send(), ElementsAre(5));
  acknowledge_all();
  EXPECT_EQ(events(), 2U);
}

TEST_F(DeliveryTest, HoldsLiveBodiesWhenToldTo) {
  options.hold_live = seconds(5);
  delivery().connected(now);
  add(1, 1);
  send();
  return_one(1);
  EXPECT_EQ(lost(LossReason::unrouted), 0U);
  pass_time(seconds(6));
  EXPECT_THAT(send(), ElementsAre(1));
  return_one(1);
  EXPECT_EQ(lost(LossReason::unrouted), 1U);
  add(2, 2);
  send();
  return_one(2);  // the time is not begun again
  EXPECT_EQ(lost(LossReason::unrouted), 2U);
}

TEST_F(DeliveryTest, TriesAgainWhatTheBrokerRefuses) {
  options.hold_outage = minutes(1);
  delivery().connected(now);
  add(1, 2);
  send();
  delivery().refused(1, false, now);
  EXPECT_THAT(send(), IsEmpty());
  pass_time(milliseconds(500));
  EXPECT_THAT(send(), ElementsAre(1));
  pass_time(minutes(2));
  delivery().refused(2, false, now);
  EXPECT_EQ(lost(LossReason::refused), 2U);
}

TEST_F(DeliveryTest, WaitsWhileTheBrokerBlocks) {
  delivery().connected(now);
  delivery().set_blocked(true);
  add(1, 1);
  EXPECT_THAT(send(), IsEmpty());
  pass_time(seconds(1));
  EXPECT_EQ(spooled(), 1U);
  delivery().set_blocked(false);
  EXPECT_THAT(send(), ElementsAre(1));
}

TEST_F(DeliveryTest, GoesOnAfterARestartWhereItWas) {
  delivery().connected(now);
  for (std::uint64_t i = 1; i <= 4; ++i) add(i, i);
  send();
  pass_time(milliseconds(100));
  delivery().acknowledged(2, true, now);
  pass_time(seconds(1));
  restart();
  tag = 0;
  delivery().connected(now);
  pass_time(milliseconds(1));
  EXPECT_THAT(send(), ElementsAre(3));
  acknowledge_all();
  EXPECT_THAT(send(), ElementsAre(4));
  EXPECT_EQ(last_context.missing, std::nullopt);
  add(3, 3, kKey, "next");
  EXPECT_THAT(send(), ElementsAre(3));
  EXPECT_EQ(last_context.previous, (SpoolCursor{.id = 4, .run_id = "run", .last = 4}));
  EXPECT_EQ(last_context.missing, (MissingRange{"next", 1, 2}));
}

TEST_F(DeliveryTest, NamesWhatAFullStoreLetGo) {
  body_size = 300'000;
  options.window_bodies = 1;
  delivery().disconnected(now);
  for (std::uint64_t i = 1; i <= 6; ++i) {
    add(i, i);
    pass_time(milliseconds(100));
  }
  // Three have room. The first is in memory too, and a kill would lose it without a word.
  EXPECT_EQ(lost(LossReason::spool_full), 3U);
  delivery().connected(now);
  pass_time(milliseconds(100));
  EXPECT_THAT(send(), ElementsAre(4));
  EXPECT_EQ(last_context.missing, (MissingRange{"run", 1, 3}));
}

TEST_F(DeliveryTest, WhatAFullStoreLetGoMayStillBeConfirmed) {
  body_size = 300'000;
  delivery().connected(now);
  add(1, 1);
  add(2, 2);
  EXPECT_THAT(send(), ElementsAre(1, 2));
  for (std::uint64_t i = 3; i <= 5; ++i) add(i, i);
  pass_time(milliseconds(100));
  EXPECT_EQ(lost(LossReason::spool_full), 0U);
  delivery().acknowledged(1, false, now);
  EXPECT_EQ(events(), 1U);
  delivery().disconnected(now);
  EXPECT_EQ(lost(LossReason::spool_full), 1U);
  delivery().connected(now);
  EXPECT_THAT(send(), ElementsAre(3));
  EXPECT_EQ(last_context.missing, (MissingRange{"run", 2, 2}));
}

TEST_F(DeliveryTest, NamesTheNewerRunWhenAnOlderOneIsLostLater) {
  body_size = 300'000;
  delivery().disconnected(now);
  add(1, 1, kKey, "before");
  pass_time(milliseconds(100));
  delivery().connected(now);
  EXPECT_THAT(send(), ElementsAre(1));
  delivery().set_blocked(true);
  for (std::uint64_t i = 1; i <= 5; ++i) add(i, i);
  pass_time(milliseconds(100));
  delivery().disconnected(now);
  EXPECT_EQ(lost(LossReason::spool_full), 3U);
  delivery().connected(now);
  pass_time(milliseconds(100));
  EXPECT_THAT(send(), ElementsAre(3));
  EXPECT_EQ(last_context.missing, (MissingRange{"run", 1, 2}));
}

TEST_F(DeliveryTest, GoesOnWithoutTheStore) {
  store.broken = true;
  options.pending_bytes = 1000;
  options.window_bodies = 2;
  for (std::uint64_t i = 1; i <= 12; ++i) add(i, i);
  now += milliseconds(100);
  EXPECT_FALSE(delivery().upkeep(now));
  EXPECT_TRUE(delivery().store_failing());
  EXPECT_TRUE(delivery().full());
  EXPECT_TRUE(delivery().upkeep(now));  // not again at once
  delivery().connected(now);
  std::vector<std::uint64_t> order;
  for (int i = 0; i < 20; ++i) {
    for (const auto first : send()) order.push_back(first);
    acknowledge_all();
  }
  EXPECT_EQ(order.size(), 12U);
  EXPECT_FALSE(delivery().full());
  EXPECT_EQ(events(), 12U);
}

TEST_F(DeliveryTest, CountsWhatIsLostAtTheEnd) {
  delivery().connected(now);
  add(1, 1);
  add(2, 2, kOtherKey);
  send();
  ASSERT_TRUE(delivery().store_all(now));
  delivery().give_up(LossReason::stopped);
  EXPECT_EQ(lost(LossReason::stopped), 0U);
  restart();
  store.lasts = false;
  options.window_bodies = 1;
  add(2, 4);
  ASSERT_TRUE(delivery().store_all(now));
  delivery().give_up(LossReason::stopped);
  EXPECT_EQ(lost(LossReason::stopped), 4U);  // with what waited in the store
}

TEST_F(DeliveryTest, LetsRoutingKeysTakeTurns) {
  options.window_bodies = 4;
  delivery().connected(now);
  for (std::uint64_t i = 1; i <= 4; ++i) add(i, i);
  for (std::uint64_t i = 1; i <= 4; ++i) add(i, i, kOtherKey);
  std::multiset<std::string> keys;
  while (const auto* next = delivery().next(now)) {
    keys.insert(next->body.routing_key);
    delivery().sent(++tag, now);
  }
  EXPECT_EQ(keys.count(kKey), 2U);
  EXPECT_EQ(keys.count(kOtherKey), 2U);
}

}  // namespace
}  // namespace mexport::exporter::amqp
