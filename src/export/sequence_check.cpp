// SPDX-License-Identifier: MIT
#include "export/sequence_check.hpp"

#include <algorithm>

namespace mexport::exporter {

void SequenceCheck::see(std::uint64_t sequence, bool from_start) {
  ++events_;
  if (first_ == 0) {
    first_ = last_ = sequence;
    if (from_start && sequence > 1) holes_.push_back({1, sequence - 1});
    return;
  }
  if (sequence <= last_) {
    ++repeated_;
    return;
  }
  if (sequence > last_ + 1) holes_.push_back({last_ + 1, sequence - 1});
  last_ = sequence;
}

void SequenceCheck::explain(Range gap) {
  if (gap.from == 0 || gap.from > gap.to) return;
  gaps_.push_back(gap);
}

SequenceCheck::Result SequenceCheck::result() const {
  auto gaps = gaps_;
  std::ranges::sort(gaps, {}, &Range::from);
  Result result;
  auto gap = gaps.begin();
  for (const auto& hole : absent()) {
    auto next = hole.from;  // all before is accounted for
    while (next <= hole.to) {
      while (gap != gaps.end() && gap->to < next) ++gap;
      const bool explained = gap != gaps.end() && gap->from <= next;
      auto until = hole.to;
      if (explained) {
        until = std::min(until, gap->to);
        result.lost += until - next + 1;
      } else {
        if (gap != gaps.end()) until = std::min(until, gap->from - 1);
        if (result.missing == 0) result.first_missing = next;
        result.missing += until - next + 1;
      }
      if (until == hole.to) break;  // the largest number has no successor
      next = until + 1;
    }
  }
  return result;
}

/// The holes between what was seen, and what gaps report before and behind it.
std::vector<SequenceCheck::Range> SequenceCheck::absent() const {
  auto holes = holes_;
  if (gaps_.empty()) return holes;
  const auto lowest = std::ranges::min(gaps_, {}, &Range::from).from;
  const auto highest = std::ranges::max(gaps_, {}, &Range::to).to;
  if (first_ == 0) return {{lowest, highest}};
  const bool begins_with_hole = !holes.empty() && holes.front().from < first_;
  if (lowest < first_ && !begins_with_hole) holes.insert(holes.begin(), {lowest, first_ - 1});
  if (highest > last_) holes.push_back({last_ + 1, highest});
  return holes;
}

}  // namespace mexport::exporter
