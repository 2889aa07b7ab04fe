// SPDX-License-Identifier: MIT
#include "libp2p/yamux/stream_table.hpp"
#include "tests/unit/libp2p/yamux_fixture.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mexport::libp2p::yamux {
namespace {

TEST(YamuxStreamTable, FindsAndWalksInOrderWhateverTheOrderOfInsertion) {
  Side side(Direction::outbound);
  base::SeededRandom random(5);
  StreamTable table;
  std::set<std::uint32_t> expected;
  for (int i = 0; i < 3000; ++i) {
    const auto id = static_cast<std::uint32_t>(1 + random.below(500));
    if (expected.insert(id).second) {
      table.insert(std::make_unique<YamuxStream>(side.session, id, Direction::outbound));
    } else {
      expected.erase(id);
      EXPECT_EQ(table.take(id)->id(), id);
    }
    EXPECT_EQ(table.find(id) != nullptr, expected.contains(id));
    EXPECT_EQ(table.size(), expected.size());
  }
  std::vector<std::uint64_t> walked;
  for (std::uint32_t id = 0; YamuxStream* stream = table.next_after(id);) {
    walked.push_back(stream->id());
    id = static_cast<std::uint32_t>(stream->id());
  }
  EXPECT_EQ(walked, std::vector<std::uint64_t>(expected.begin(), expected.end()));
}

}  // namespace
}  // namespace mexport::libp2p::yamux
