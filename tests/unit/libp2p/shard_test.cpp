// SPDX-License-Identifier: MIT
#include "libp2p/shard.hpp"

#include "libp2p/deadline_list.hpp"
#include "tests/unit/libp2p/fakes.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::test {
namespace {

class Item final : public Flushable {
 public:
  explicit Item(std::vector<int>& order, int name) : order_(order), name_(name) {}
  void flush() override {
    order_.push_back(name_);
    if (when_flushed) when_flushed();
  }
  std::function<void()> when_flushed;

 private:
  std::vector<int>& order_;
  int name_;
};

TEST(Shard, FlushesEachItemOnceAtTheEndOfAWakeUp) {
  FakeShard shard;
  std::vector<int> order;
  Item a(order, 1);
  Item b(order, 2);
  shard.wake_up([&] {
    shard.flush_at_end(b);
    shard.flush_at_end(a);
    shard.flush_at_end(b);
    EXPECT_TRUE(order.empty());
  });
  EXPECT_EQ(order, (std::vector<int>{2, 1}));
}

TEST(Shard, AFlushMayAskForAnother) {
  FakeShard shard;
  std::vector<int> order;
  Item a(order, 1);
  int left = 2;
  a.when_flushed = [&] {
    if (left-- > 0) shard.flush_at_end(a);
  };
  shard.wake_up([&] { shard.flush_at_end(a); });
  EXPECT_EQ(order.size(), 3U);
}

TEST(Shard, AnItemThatIsForgottenIsNotTouched) {
  FakeShard shard;
  std::vector<int> order;
  Item a(order, 1);
  auto b = std::make_unique<Item>(order, 2);
  a.when_flushed = [&] {
    shard.forget(*b);
    b.reset();
  };
  shard.wake_up([&] {
    shard.flush_at_end(a);
    shard.flush_at_end(*b);
  });
  EXPECT_EQ(order, std::vector<int>{1});
}

class Observer final : public WakeupObserver {
 public:
  void on_wakeup_begin(base::SteadyTime now) override {
    begun = now;
    ++begins;
  }
  void on_wakeup_end() override { ++ends; }
  base::SteadyTime begun;
  int begins = 0;
  int ends = 0;
};

TEST(Shard, ObserversBracketWakeUpsFlushesIncluded) {
  FakeShard shard;
  Observer observer;
  shard.add_observer(observer);
  std::vector<int> order;
  Item a(order, 1);
  a.when_flushed = [&] { EXPECT_EQ(observer.ends, 0); };
  shard.wake_up([&] {
    EXPECT_EQ(observer.begins, 1);
    EXPECT_EQ(observer.begun, shard.now());
    shard.flush_at_end(a);
  });
  EXPECT_EQ(observer.ends, 1);
  shard.remove_observer(observer);
  shard.wake_up([] {});
  EXPECT_EQ(observer.begins, 1);
}

class Deadline final : public DeadlineList::Item {
 public:
  void on_deadline() override { ++expired; }
  int expired = 0;
};

TEST(DeadlineList, ExpiresInOrderAndStartsAnew) {
  FakeShard shard;
  DeadlineList list(shard, 10s);
  Deadline a;
  Deadline b;
  list.set(a);
  shard.advance(4s);
  list.set(b);
  shard.advance(4s);
  list.set(a);  // anew: now behind b
  shard.advance(6s);
  EXPECT_EQ(a.expired, 0);
  EXPECT_EQ(b.expired, 1);
  shard.advance(4s);
  EXPECT_EQ(a.expired, 1);
  shard.advance(60s);
  EXPECT_EQ(a.expired + b.expired, 2);
}

TEST(DeadlineList, AnItemThatIsGoneDoesNotExpire) {
  FakeShard shard;
  DeadlineList list(shard, 10s);
  Deadline stays;
  {
    Deadline goes;
    list.set(goes);
    list.set(stays);
  }
  shard.advance(10s);
  EXPECT_EQ(stays.expired, 1);
}

}  // namespace
}  // namespace mexport::libp2p::test
