// SPDX-License-Identifier: MIT
#pragma once

#include "compare/matcher.hpp"

#include <array>
#include <cstdint>

namespace mexport::compare {

/// How much of two records is the same.
struct Overlap {
  std::uint64_t both = 0;
  std::array<std::uint64_t, kSides> only{};
  /// Of times that the other record does not span: there is nothing to compare them with.
  std::array<std::uint64_t, kSides> outside{};
};

/// The same of distinct things.
struct SetOverlap {
  std::uint64_t both = 0;
  std::array<std::uint64_t, kSides> only{};
  bool complete = true;  ///< false: there were more than are kept
};

}  // namespace mexport::compare
