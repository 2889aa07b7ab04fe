// SPDX-License-Identifier: MIT
#include "export/gap_log.hpp"

#include <algorithm>

namespace mexport::exporter {
namespace {

bool follows(const monitor::LostRange& range, std::string_view run_id, const SinkGap& gap) {
  return gap.range.kind == range.kind && gap.range.reason == range.reason &&
         gap.range.to + 1 == range.from && gap.run_id == run_id;
}

}  // namespace

void GapLog::add(const monitor::LostRange& range, std::string_view run_id) {
  // Kinds take turns, so the neighbour is one of the last.
  constexpr std::ptrdiff_t kLast = 8;
  const auto begin = gaps_.rbegin();
  const auto end = gaps_.rend() - begin > kLast ? begin + kLast : gaps_.rend();
  const auto before =
      std::find_if(begin, end, [&](const SinkGap& gap) { return follows(range, run_id, gap); });
  if (before != end) {
    before->range.to = range.to;
  } else {
    gaps_.push_back({range, std::string(run_id)});
  }
}

}  // namespace mexport::exporter
