// SPDX-License-Identifier: MIT
#include "monitor/backward_walk.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <vector>

namespace mexport::monitor {
namespace {

/// A list as ConnectionSet keeps it.
class Changing {
 public:
  void add() { items.push_back(next_++); }
  void remove(std::size_t index) {
    items[index] = items.back();
    items.pop_back();
  }
  std::vector<int> items;

 private:
  int next_ = 0;
};

TEST(BackwardWalk, EndsAtOnceWhereThereIsNothing) {
  BackwardWalk walk;
  EXPECT_FALSE(walk.ended());
  walk.slice(0, [](std::size_t) { FAIL(); }, [] { return false; });
  EXPECT_TRUE(walk.ended());
}

TEST(BackwardWalk, MissesNothingThatStays) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Changing list;
    for (int i = 0; i < 60; ++i) list.add();
    std::set<int> stayed(list.items.begin(), list.items.end());
    std::set<int> seen;
    BackwardWalk walk;
    while (!walk.ended()) {
      int in_slice = 0;
      walk.slice(
          list.items.size(), [&](std::size_t index) { seen.insert(list.items.at(index)); },
          [&] { return ++in_slice == 7; });
      for (auto changes = random() % 6; changes > 0; --changes) {
        if (random() % 2 == 0) {
          list.add();
        } else if (!list.items.empty()) {
          const auto index = random() % list.items.size();
          stayed.erase(list.items[index]);
          list.remove(index);
        }
      }
    }
    for (const int item : stayed) EXPECT_TRUE(seen.contains(item)) << item << ", seed " << seed;
  }
}

}  // namespace
}  // namespace mexport::monitor
