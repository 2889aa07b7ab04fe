// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mexport::compare {

/// By how much B's times are behind A's, in nanoseconds.
struct OffsetQuartiles {
  std::uint64_t pairs = 0;  ///< 0: the others say nothing
  std::int64_t low = 0;
  std::int64_t median = 0;
  std::int64_t high = 0;
};

/// The differences of pairs; of many, a sample of kKept.
class Offsets {
 public:
  static constexpr std::size_t kKept = 1 << 16;

  void add(std::int64_t offset);
  OffsetQuartiles quartiles() const;

 private:
  std::uint64_t pairs_ = 0;
  std::vector<std::int64_t> kept_;
  base::SeededRandom random_{1};
};

}  // namespace mexport::compare
