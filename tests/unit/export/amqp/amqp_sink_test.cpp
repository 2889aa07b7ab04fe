// SPDX-License-Identifier: MIT
// The sink without a broker: it starts, keeps what it is given, and ends in time. With one it is
// tested in tests/broker.
#include "export/amqp/amqp_sink.hpp"

#include "base/random.hpp"
#include "tests/unit/export/batches.hpp"
#include "tests/unit/export/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

namespace mexport::exporter::amqp {
namespace {

using monitor::EventKind;
using monitor::LossReason;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct Context final : SinkContext {
  monitor::RunInfo run_info() const override {
    monitor::RunInfo info;
    info.run_id = "run";
    return info;
  }
  void tell_gaps(std::string_view sink, std::vector<SinkGap> gaps) const override {
    const std::lock_guard lock(mutex);
    for (auto& gap : gaps) told.emplace_back(sink, std::move(gap));
  }

  mutable std::mutex mutex;
  mutable std::vector<std::pair<std::string, SinkGap>> told;
};

struct AmqpSinkTest : ::testing::Test {
  std::unique_ptr<AmqpSink> make(bool spool = true) {
    AmqpOptions options;
    // Nothing listens there, and nobody may.
    options.brokers = {*parse_address("amqp://me:geheim@127.0.0.1:1/v")};
    options.monitor_name = "mon";
    options.pauses = {.first = milliseconds(20), .longest = milliseconds(20)};
    if (spool) options.spool_path = directory.path() + "/spool/amqp.sqlite";
    auto sink = AmqpSink::create(std::move(options), clock, random, {});
    EXPECT_TRUE(sink);
    EXPECT_TRUE((*sink)->start(context));
    return std::move(*sink);
  }
  static bool eventually(const std::function<bool()>& condition) {
    const auto deadline = steady_clock::now() + seconds(20);
    while (!condition()) {
      if (steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
  }
  static std::uint64_t lost(const AmqpSink& sink, LossReason reason) {
    std::uint64_t events = 0;
    for (const auto& kind : sink.statistics().lost)
      events += kind[static_cast<std::size_t>(reason)];
    return events;
  }

  testing::TemporaryDirectory directory;
  base::SystemClock clock;
  base::SeededRandom random{1};
  Context context;
};

TEST_F(AmqpSinkTest, RunsWithoutABroker) {
  const auto sink = make();
  sink->submit(testing::make_batch(1, 3));
  ASSERT_TRUE(eventually([&] {
    const auto state = *sink->statistics().delivery;
    return state.spooled_batches == 1 && !state.last_error.empty();
  }));
  const auto statistics = sink->statistics();
  EXPECT_FALSE(statistics.delivery->connected);
  EXPECT_EQ(statistics.delivery->server, "amqp://me:(hidden)@127.0.0.1:1/v");
  EXPECT_THAT(statistics.delivery->last_error, ::testing::Not(::testing::HasSubstr("geheim")));
  EXPECT_GT(statistics.delivery->lag.count(), 0);
  EXPECT_GE(statistics.counters.at("amqp_errors"), 1U);
  sink->stop(steady_clock::now() + seconds(5));
}

TEST_F(AmqpSinkTest, KeepsWhatItCouldNotSendForTheNextRun) {
  {
    const auto sink = make();
    sink->submit(testing::make_batch(1, 3));
    sink->submit(testing::make_batch(1, 1, EventKind::connection_event));
    sink->submit(testing::make_batch(1, 1, EventKind::heartbeat));
    sink->stop(steady_clock::now() + seconds(5));
    EXPECT_EQ(lost(*sink, LossReason::stopped), 0U);
  }
  const auto sink = make();
  EXPECT_EQ(sink->statistics().delivery->spooled_batches, 2U);
  sink->stop(steady_clock::now() + seconds(5));
}

TEST_F(AmqpSinkTest, CountsWhatItCouldNotSendWithoutASpool) {
  const auto sink = make(false);
  sink->submit(testing::make_batch(1, 3));
  sink->submit(testing::make_batch(1, 5, EventKind::heartbeat));  // none of its events
  sink->stop(steady_clock::now() + seconds(5));
  EXPECT_EQ(lost(*sink, LossReason::stopped), 3U);
}

TEST_F(AmqpSinkTest, SaysThatItsSpoolCannotBeOpened) {
  AmqpOptions options;
  options.brokers = {Address{}};
  options.spool_path = "/proc/none/amqp.sqlite";
  EXPECT_FALSE(AmqpSink::create(std::move(options), clock, random, {}));
}

}  // namespace
}  // namespace mexport::exporter::amqp
