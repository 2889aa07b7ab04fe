// SPDX-License-Identifier: MIT
#pragma once

#include "compare/overlap.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mexport::compare {

/// The distinct CIDs of two records, by 62 bits of their keys. Memory: 8 bytes a slot, at least
/// half of them in use once it has grown; 512 MiB at most.
class CidTable {
 public:
  static constexpr std::size_t kMost = 1 << 25;

  explicit CidTable(std::size_t most = kMost) : most_(most) {}

  void add(Side side, const Key& cid);
  SetOverlap overlap() const;

 private:
  std::uint64_t& slot_of(std::uint64_t hash);
  void grow();

  const std::size_t most_;
  std::vector<std::uint64_t> slots_;  // hash and, in the lowest bits, whose; 0 where there is none
  std::size_t used_ = 0;
  bool complete_ = true;
};

}  // namespace mexport::compare
