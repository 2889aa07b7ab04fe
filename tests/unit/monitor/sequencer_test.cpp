// SPDX-License-Identifier: MIT
#include "monitor/sequencer.hpp"

#include "base/random.hpp"
#include "monitor/run_info.hpp"

#include <gtest/gtest.h>

namespace mexport::monitor {
namespace {

TEST(Sequencer, CountsEachKindFromOne) {
  Sequencer sequencer;
  EXPECT_EQ(sequencer.next(EventKind::bitswap_message), 1U);
  EXPECT_EQ(sequencer.next(EventKind::bitswap_message), 2U);
  EXPECT_EQ(sequencer.next(EventKind::connection_event), 1U);
}

TEST(Sequencer, LossesTakeNumbers) {
  Sequencer sequencer;
  sequencer.next(EventKind::bitswap_message);
  const auto lost = sequencer.skip(EventKind::bitswap_message, 3, LossReason::queue_full);
  EXPECT_EQ(lost.from, 2U);
  EXPECT_EQ(lost.to, 4U);
  EXPECT_EQ(lost.count(), 3U);
  EXPECT_EQ(sequencer.next(EventKind::bitswap_message), 5U);
  EXPECT_EQ(sequencer.last()[static_cast<std::size_t>(EventKind::bitswap_message)], 5U);
}

TEST(RunId, Has128BitsInHexAndIsNewEachTime) {
  base::SeededRandom random(1);
  const auto first = make_run_id(random);
  const auto second = make_run_id(random);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace mexport::monitor
