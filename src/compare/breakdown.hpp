// SPDX-License-Identifier: MIT
#pragma once

#include "compare/overlap.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mexport::compare {

/// The overlap of the messages of one agent version or transport.
struct BreakdownRow {
  std::string name;  ///< escapes as they stand
  Overlap messages;
};

/// Of how many messages it tells.
std::uint64_t size_of(const Overlap& overlap);

/// Those that have messages, the largest first; all beyond `most` as one, "others", at the end.
std::vector<BreakdownRow> largest_first(std::span<const std::string> names,
                                        std::span<const Overlap> overlaps, std::size_t most);

}  // namespace mexport::compare
