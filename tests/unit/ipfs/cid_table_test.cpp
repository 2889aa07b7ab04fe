// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/cid_table.hpp"

#include "tests/unit/ipfs/fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace mexport::ipfs {
namespace {

TEST(CidTable, BehavesAsAMap) {
  base::SeededRandom random(7);
  std::map<std::uint64_t, std::uint16_t> model;
  CidTable table;
  for (int step = 0; step < 20'000; ++step) {
    // Few distinct homes, so that runs of neighbours form and are broken up.
    const std::uint64_t hash = (random.below(300) << 16) | (random.below(2) << 60);
    if (random.below(2) == 0) {
      const auto value = static_cast<std::uint16_t>(random.below(1 << 16));
      table.set(hash, value);
      model[hash == 0 ? 1 << 16 : hash] = value;  // the two share a slot
    } else {
      EXPECT_EQ(table.erase(hash), model.erase(hash == 0 ? 1 << 16 : hash) == 1);
    }
    ASSERT_EQ(table.size(), model.size());
  }
  for (const auto& [hash, value] : model) EXPECT_EQ(table.find(hash), value);
  EXPECT_EQ(table.find(std::uint64_t{999} << 16), std::nullopt);
}

TEST(CidTable, AnEmptyOneFindsAndErasesNothing) {
  CidTable table;
  EXPECT_EQ(table.find(1), std::nullopt);
  EXPECT_FALSE(table.erase(1));
  table.set(1 << 20, 3);
  EXPECT_TRUE(table.erase(1 << 20));
  EXPECT_EQ(table.find(1 << 20), std::nullopt);
}

TEST(CidTable, AddsWhatIsNotThereYet) {
  CidTable table;
  EXPECT_TRUE(table.add(1 << 20, 3));
  EXPECT_FALSE(table.add(1 << 20, 4));
  EXPECT_EQ(table.find(1 << 20), 3);
  EXPECT_EQ(table.size(), 1U);
}

TEST(CidTable, AWipedOneIsEmptyAndKeepsItsMemory) {
  CidTable table;
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_TRUE(table.add(i << 16, 1));
  const auto memory = table.memory_size();
  table.wipe();
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.memory_size(), memory);
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_EQ(table.find(i << 16), std::nullopt);
  EXPECT_TRUE(table.add(1 << 16, 1));
}

TEST(CidHasher, IsKeyed) {
  base::SeededRandom random(1);
  const CidHasher one(random);
  const CidHasher other(random);
  const auto cid = numbered_cid(1);
  EXPECT_EQ(one(cid), one(cid));
  EXPECT_NE(one(cid), other(cid));
  EXPECT_NE(one(cid), one(numbered_cid(2)));
}

TEST(CidTable, TakesTwoSlotsForEachAtMost) {
  base::SeededRandom random(1);
  CidTable table;
  for (std::size_t i = 1; i <= 5000; ++i) {
    EXPECT_TRUE(table.add(random.next(), 0));
    EXPECT_LE(table.memory_size(), std::max<std::size_t>(8, 2 * i + 1) * CidTable::kSlotSize);
  }
}

TEST(CidTable, HoldsNoMemoryOnceEmptied) {
  CidTable table;
  for (std::uint64_t i = 1; i <= 100; ++i) table.set(i << 16, 1);
  EXPECT_GT(table.memory_size(), 800U);
  for (std::uint64_t i = 1; i <= 100; ++i) table.erase(i << 16);
  EXPECT_EQ(table.memory_size(), 0U);
  table.set(1 << 16, 1);
  table.clear();
  EXPECT_EQ(table.memory_size(), 0U);
}

}  // namespace
}  // namespace mexport::ipfs
