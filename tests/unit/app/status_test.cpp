// SPDX-License-Identifier: MIT
#include "app/status.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace mexport::app {
namespace {

using namespace std::chrono_literals;

const base::SteadyTime kStart{100s};

/// Has written and lost as it is told.
class CountingSink final : public exporter::Sink {
 public:
  CountingSink(bool records, std::uint64_t written, std::uint64_t lost) : records_(records) {
    statistics_.written[0] = written;
    statistics_.lost[0][0] = lost;
  }
  std::string_view name() const override { return "counting"; }
  bool records() const override { return records_; }
  base::Status start(const exporter::SinkContext&) override { return {}; }
  void submit(exporter::BatchPtr) noexcept override {}
  void stop(std::chrono::steady_clock::time_point) override {}
  exporter::SinkStatistics statistics() const override { return statistics_; }

 private:
  bool records_;
  exporter::SinkStatistics statistics_;
};

TEST(Totals, TakeNothingFromSinksThatDoNotRecord) {
  const base::SystemClock clock;
  base::SeededRandom random{std::uint64_t{1}};
  exporter::Pipeline pipeline({}, clock, random, {});
  pipeline.add_sink(std::make_unique<CountingSink>(true, 5, 1));
  pipeline.add_sink(std::make_unique<CountingSink>(true, 3, 2));
  pipeline.add_sink(std::make_unique<CountingSink>(false, 9, 100));
  const auto totals = totals_of({}, pipeline);
  EXPECT_EQ(totals.events_written, 5U);
  EXPECT_EQ(totals.events_lost, 3U);
}

TEST(StatusMeter, ShowsRatesSinceItsLastLine) {
  StatusMeter meter(kStart);
  Totals totals{.connections_inbound = 10,
                .connections_outbound = 2,
                .messages = 3,
                .wantlist_entries = 80,
                .events_written = 5,
                .events_lost = 0,
                .lost_by_reason = {}};
  EXPECT_EQ(meter.line(totals, kStart + 2s),
            "connections 12 (10 in, 2 out)  messages 1.5/s  wantlist entries 40/s  events written "
            "5  lost 0");
  totals.messages += 1000;
  totals.events_lost = 7;
  EXPECT_EQ(meter.line(totals, kStart + 3s),
            "connections 12 (10 in, 2 out)  messages 1000/s  wantlist entries 0.0/s  events "
            "written 5  lost 7");
}

TEST(StatusMeter, NeedsNoTimeToPass) {
  StatusMeter meter(kStart);
  const Totals totals{.messages = 3, .lost_by_reason = {}};
  EXPECT_NE(meter.line(totals, kStart).find("messages 0.0/s"), std::string::npos);
}

TEST(Summary, NamesTheReasonsOfLosses) {
  EXPECT_EQ(summary({.events_written = 9, .lost_by_reason = {}}), "9 events written, 0 lost");
  EXPECT_EQ(summary({.events_written = 9,
                     .events_lost = 3,
                     .lost_by_reason = {{"disk_error", 1}, {"queue_full", 2}}}),
            "9 events written, 3 lost (disk_error 1, queue_full 2)");
}

TEST(CountersText, LeavesOutZeros) {
  EXPECT_EQ(counters_text({{"a", 1}, {"b", 0}, {"c", 3}}), "a 1, c 3");
  EXPECT_EQ(counters_text({{"b", 0}}), "none");
}

}  // namespace
}  // namespace mexport::app
