// SPDX-License-Identifier: MIT
#include "monitor/observation.hpp"

#include "monitor/loss.hpp"
#include "tests/unit/monitor/facts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mexport::monitor {
namespace {

using testing::at_ms;

TEST(Observation, EveryKindAndReasonHasItsOwnName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kEventKinds; ++i) names.insert(to_string(static_cast<EventKind>(i)));
  EXPECT_EQ(names.size(), kEventKinds);
  names.clear();
  for (std::size_t i = 0; i < kLossReasons; ++i) {
    names.insert(to_string(static_cast<LossReason>(i)));
  }
  EXPECT_EQ(names.size(), kLossReasons);
}

TEST(Observation, NamesAsTheyStandInEvents) {
  EXPECT_EQ(to_string(Direction::inbound), "inbound");
  EXPECT_EQ(to_string(Direction::outbound), "outbound");
  EXPECT_EQ(to_string(ClosedBy::local), "local");
  EXPECT_EQ(to_string(ClosedBy::remote), "remote");
  EXPECT_EQ(to_string(ClosedBy::error), "error");
  EXPECT_EQ(to_string(IdentifyCause::initial), "initial");
  EXPECT_EQ(to_string(IdentifyCause::push), "push");
  EXPECT_EQ(to_string(IdentifyCause::failed), "failed");
}

TEST(Observation, KindAndTimeOfEachFact) {
  const Fact message = testing::received(1);
  EXPECT_EQ(kind_of(message), EventKind::bitswap_message);
  EXPECT_EQ(time_of(message), at_ms(1));
  const Fact connected = testing::connected(2);
  EXPECT_EQ(kind_of(connected), EventKind::connection_event);
  EXPECT_EQ(time_of(connected), at_ms(2));
  Disconnected gone;
  gone.at = at_ms(3);
  EXPECT_EQ(kind_of(gone), EventKind::connection_event);
  EXPECT_EQ(time_of(gone), at_ms(3));
  PeerIdentified identified;
  identified.at = at_ms(4);
  EXPECT_EQ(kind_of(identified), EventKind::identify_event);
  EXPECT_EQ(time_of(identified), at_ms(4));
}

TEST(Observation, MemoryCountsWhatFactsHold) {
  const Fact small = testing::received(1);
  testing::MessageBuilder builder;
  for (std::uint32_t i = 0; i < 1000; ++i) builder.want(i, 1, 0);
  const Fact large = testing::received(1, builder.build());
  EXPECT_GE(memory_size(large), memory_size(small) + 1000 * 36);
  PeerIdentified identified;
  identified.protocols.assign(10, std::string(100, 'p'));
  EXPECT_GE(memory_size(identified), memory_size(PeerIdentified()) + 1000);
  BitswapSent sent;
  sent.content = Served();
  const auto before = memory_size(sent);
  const auto cid = multiformats::Cid::from_bytes(testing::raw_cid(1)).value();
  std::get<Served>(sent.content).reply.haves.assign(10, cid);
  EXPECT_GE(memory_size(sent), before + 10 * 36);
}

}  // namespace
}  // namespace mexport::monitor
