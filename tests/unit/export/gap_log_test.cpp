// SPDX-License-Identifier: MIT
#include "export/gap_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::exporter {
namespace {

using monitor::EventKind;
using monitor::LossReason;
using ::testing::ElementsAre;

SinkGap messages(std::uint64_t from, std::uint64_t to, std::string run = "r") {
  return {{EventKind::bitswap_message, LossReason::unrouted, from, to}, std::move(run)};
}
SinkGap connections(std::uint64_t from, std::uint64_t to) {
  return {{EventKind::connection_event, LossReason::unrouted, from, to}, "r"};
}

class GapLogTest : public ::testing::Test {
 protected:
  void add(const SinkGap& gap) { log_.add(gap.range, gap.run_id); }
  GapLog log_;
};

TEST_F(GapLogTest, NeighboursAreOne) {
  add(messages(1, 5));
  add(connections(1, 1));
  add(messages(6, 9));
  add(connections(2, 2));
  EXPECT_THAT(log_.take(), ElementsAre(messages(1, 9), connections(1, 2)));
  EXPECT_EQ(log_.size(), 0U);
}

TEST_F(GapLogTest, OthersAreNot) {
  add(messages(1, 5));
  add(messages(7, 9));
  add(messages(10, 10, "s"));
  auto refused = messages(10, 11);
  refused.range.reason = LossReason::refused;
  add(refused);
  EXPECT_THAT(log_.take(),
              ElementsAre(messages(1, 5), messages(7, 9), messages(10, 10, "s"), refused));
}

}  // namespace
}  // namespace mexport::exporter
