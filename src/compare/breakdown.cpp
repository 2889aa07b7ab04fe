// SPDX-License-Identifier: MIT
#include "compare/breakdown.hpp"

#include <algorithm>

namespace mexport::compare {

namespace {

void add(Overlap& sum, const Overlap& more) {
  sum.both += more.both;
  for (std::size_t i = 0; i < kSides; ++i) {
    sum.only[i] += more.only[i];
    sum.outside[i] += more.outside[i];
  }
}

}  // namespace

std::uint64_t size_of(const Overlap& overlap) {
  return overlap.both + overlap.only[0] + overlap.only[1] + overlap.outside[0] + overlap.outside[1];
}

std::vector<BreakdownRow> largest_first(std::span<const std::string> names,
                                        std::span<const Overlap> overlaps, std::size_t most) {
  std::vector<BreakdownRow> rows;
  for (std::size_t i = 0; i < overlaps.size(); ++i) {
    if (size_of(overlaps[i]) > 0) rows.push_back({names[i], overlaps[i]});
  }
  std::ranges::sort(rows, [](const auto& a, const auto& b) {
    const auto left = size_of(a.messages);
    const auto right = size_of(b.messages);
    return left != right ? left > right : a.name < b.name;
  });
  if (rows.size() <= most) return rows;
  BreakdownRow others{"others", {}};
  for (std::size_t i = most; i < rows.size(); ++i) add(others.messages, rows[i].messages);
  rows.resize(most);
  rows.push_back(std::move(others));
  return rows;
}

}  // namespace mexport::compare
