// SPDX-License-Identifier: MIT
#include "compare/cid_table.hpp"

#include <utility>

namespace mexport::compare {

namespace {

constexpr std::uint64_t kWhose = 3;
constexpr std::size_t kFirstSlots = 1 << 10;

}  // namespace

void CidTable::add(Side side, const Key& cid) {
  if (slots_.empty()) slots_.resize(kFirstSlots);
  auto& slot = slot_of(cid.low);
  if (slot == 0) {
    if (used_ == most_) {
      complete_ = false;
      return;
    }
    ++used_;
    slot = cid.low & ~kWhose;
  }
  slot |= std::uint64_t{1} << index_of(side);
  if (used_ > slots_.size() / 2 && slots_.size() < 2 * most_) grow();
}

/// That of the CID, or the one where it belongs.
std::uint64_t& CidTable::slot_of(std::uint64_t hash) {
  const auto mask = slots_.size() - 1;
  auto at = (hash >> 2) & mask;
  while (slots_[at] != 0 && ((slots_[at] ^ hash) & ~kWhose) != 0) at = (at + 1) & mask;
  return slots_[at];
}

void CidTable::grow() {
  auto before = std::exchange(slots_, std::vector<std::uint64_t>(2 * slots_.size()));
  for (const auto slot : before) {
    if (slot != 0) slot_of(slot) = slot;
  }
}

SetOverlap CidTable::overlap() const {
  SetOverlap overlap;
  overlap.complete = complete_;
  for (const auto slot : slots_) {
    if ((slot & kWhose) == 1) ++overlap.only[0];
    if ((slot & kWhose) == 2) ++overlap.only[1];
    if ((slot & kWhose) == 3) ++overlap.both;
  }
  return overlap;
}

}  // namespace mexport::compare
