// SPDX-License-Identifier: MIT
#include "app/spare_memory.hpp"

#include <gtest/gtest.h>

namespace mexport::app {
namespace {

constexpr std::size_t kMiB = 1 << 20;

class SpareMemoryTest : public testing::Test {
 protected:
  std::size_t resident_ = 50 * kMiB;
  std::size_t spare_ = 0;  // of it
  int given_back_ = 0;
  SpareMemory memory_{[this] { return resident_; },
                      [this] {
                        resident_ -= spare_;
                        spare_ = 0;
                        ++given_back_;
                      }};
};

TEST_F(SpareMemoryTest, NothingHappensWhileMemoryStaysAsItIs) {
  memory_.look();
  resident_ += SpareMemory::kChange - 1;
  memory_.look();
  EXPECT_EQ(given_back_, 0);
}

TEST_F(SpareMemoryTest, WhatABurstHasLeftIsGivenBack) {
  resident_ += 100 * kMiB;  // in use
  memory_.look();
  EXPECT_EQ(resident_, 150 * kMiB);
  resident_ -= 70 * kMiB;
  spare_ = 30 * kMiB;
  memory_.look();
  EXPECT_EQ(resident_, 50 * kMiB);
}

TEST_F(SpareMemoryTest, WhatIsFreedSoonAfterIsGivenBackToo) {
  resident_ += 100 * kMiB;  // in use
  memory_.look();
  spare_ = 100 * kMiB;  // now free, which does not show
  memory_.look();
  EXPECT_EQ(resident_, 50 * kMiB);
}

TEST_F(SpareMemoryTest, ItComesToRest) {
  resident_ += 100 * kMiB;
  for (int i = 0; i < 100; ++i) memory_.look();
  EXPECT_EQ(given_back_, SpareMemory::kLooksAfterChange);
}

TEST_F(SpareMemoryTest, SmallStepsAddUp) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(given_back_, 0);
    resident_ += kMiB;
    memory_.look();
  }
  EXPECT_EQ(given_back_, 1);
}

TEST(ResidentMemory, IsThatOfTheProcess) {
  EXPECT_GT(resident_memory(), kMiB);
}

}  // namespace
}  // namespace mexport::app
