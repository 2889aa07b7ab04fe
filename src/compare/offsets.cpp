// SPDX-License-Identifier: MIT
#include "compare/offsets.hpp"

#include <algorithm>

namespace mexport::compare {

/// A reservoir: each pair has the same chance to be kept.
void Offsets::add(std::int64_t offset) {
  ++pairs_;
  if (kept_.size() < kKept) return kept_.push_back(offset);
  const auto place = random_.below(pairs_);
  if (place < kKept) kept_[place] = offset;
}

OffsetQuartiles Offsets::quartiles() const {
  if (kept_.empty()) return {};
  auto sorted = kept_;
  std::ranges::sort(sorted);
  const auto at = [&](std::size_t quarter) { return sorted[(sorted.size() - 1) * quarter / 4]; };
  return {.pairs = pairs_, .low = at(1), .median = at(2), .high = at(3)};
}

}  // namespace mexport::compare
