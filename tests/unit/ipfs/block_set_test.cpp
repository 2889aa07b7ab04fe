// SPDX-License-Identifier: MIT
#include "ipfs/blocks/block_set.hpp"

#include <gtest/gtest.h>

namespace mexport::ipfs {
namespace {

BlockSet::Data data(std::size_t size) {
  return std::make_shared<const base::Bytes>(size);
}

TEST(BlockSetTest, FindsByMultihashAndCountsBytes) {
  BlockSet set;
  EXPECT_TRUE(set.empty());
  const base::Bytes a{0x12, 0x01, 0xaa};
  const base::Bytes b{0x12, 0x01, 0xbb};
  set.add(a, data(10));
  set.add(b, data(5));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_EQ(set.bytes(), 15U);
  ASSERT_NE(set.find(a), nullptr);
  EXPECT_EQ(set.find(a)->size(), 10U);
  EXPECT_EQ(set.find(base::Bytes{0x12, 0x01, 0xcc}), nullptr);
  set.add(a, data(3));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_EQ(set.bytes(), 8U);
}

}  // namespace
}  // namespace mexport::ipfs
