// SPDX-License-Identifier: MIT
#include "monitor/fact_merger.hpp"

#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace mexport::monitor {
namespace {

using testing::at_ms;

class FactMergerTest : public ::testing::Test {
 protected:
  FactMergerTest() {
    merger_.add(first_);
    merger_.add(second_);
  }

  /// What goes out at `now`, in milliseconds.
  std::vector<std::int64_t> drain(base::SteadyTime now) {
    std::vector<std::int64_t> times;
    const auto cutoff = merger_.cutoff(now);
    while (auto* queue = merger_.next(cutoff)) {
      const auto since = time_of(*queue->front()) - at_ms(0);
      times.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
      queue->pop();
    }
    return times;
  }

  WakeUp wake_up_;
  ObservationQueue first_{{}, wake_up_};
  ObservationQueue second_{{}, wake_up_};
  FactMerger merger_{std::chrono::milliseconds(5)};
};

TEST_F(FactMergerTest, OrdersTheFactsOfIdleWriters) {
  for (const int ms : {1, 4, 6}) first_.submit(testing::connected(ms));
  for (const int ms : {2, 3, 7}) second_.submit(testing::connected(ms));
  EXPECT_EQ(drain(at_ms(100)), (std::vector<std::int64_t>{1, 2, 3, 4, 6, 7}));
  EXPECT_TRUE(merger_.empty());
}

TEST_F(FactMergerTest, HoldsBackWhatABusyWriterMayStillPrecede) {
  second_.begin_batch(at_ms(5));
  for (const int ms : {1, 4, 6}) first_.submit(testing::connected(ms));
  EXPECT_EQ(drain(at_ms(100)), (std::vector<std::int64_t>{1, 4}));
  EXPECT_FALSE(merger_.empty());
  second_.submit(testing::connected(5));
  second_.end_batch();
  EXPECT_EQ(drain(at_ms(100)), (std::vector<std::int64_t>{5, 6}));
}

TEST_F(FactMergerTest, HoldsBackWhatIsTooYoung) {
  first_.submit(testing::connected(10));
  EXPECT_TRUE(drain(at_ms(15)).empty());
  EXPECT_EQ(drain(at_ms(16)), (std::vector<std::int64_t>{10}));
}

TEST_F(FactMergerTest, KeepsTheOrderWithinAQueueAtEqualTimes) {
  first_.submit(testing::connected(1, 1));
  first_.submit(testing::connected(1, 2));
  auto* queue = merger_.next(at_ms(100));
  ASSERT_EQ(queue, &first_);
  EXPECT_EQ(std::get<Connected>(std::get<Fact>(*queue->front())).connection->id, 1U);
}

}  // namespace
}  // namespace mexport::monitor
