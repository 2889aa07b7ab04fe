// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/cid_table.hpp"

#include <sodium/crypto_shorthash.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace mexport::ipfs {
namespace {

constexpr std::uint64_t kValueMask = 0xffff;
constexpr std::size_t kMinSlots = 8;

std::uint64_t tag_of(std::uint64_t hash) {
  const std::uint64_t tag = hash & ~kValueMask;
  return tag == 0 ? kValueMask + 1 : tag;  // 0 marks a free slot
}

}  // namespace

CidHasher::CidHasher(base::Random& random) {
  static_assert(sizeof(key_) == crypto_shorthash_KEYBYTES);
  const std::array<std::uint64_t, 2> words{random.next(), random.next()};
  std::memcpy(key_.data(), words.data(), key_.size());
}

std::uint64_t CidHasher::operator()(base::ByteView cid) const {
  std::uint64_t out = 0;
  static_assert(sizeof(out) == crypto_shorthash_BYTES);
  crypto_shorthash(reinterpret_cast<unsigned char*>(&out), cid.data(), cid.size(), key_.data());
  return out;
}

// By the upper half of the slot, which is the tag's, as a fraction of the table.
std::size_t CidTable::home(std::uint64_t slot) const {
  return static_cast<std::size_t>((slot >> 32U) * slots_.size() >> 32U);
}

std::size_t CidTable::after(std::size_t at) const {
  return at + 1 == slots_.size() ? 0 : at + 1;
}

/// How many steps forward, round the end.
std::size_t CidTable::distance(std::size_t from, std::size_t to) const {
  return to >= from ? to - from : to + slots_.size() - from;
}

// The slot of the tag, or the free one where it belongs. Needs a free slot.
std::size_t CidTable::locate(std::uint64_t tag) const {
  std::size_t at = home(tag);
  while (slots_[at] != 0 && (slots_[at] & ~kValueMask) != tag) at = after(at);
  return at;
}

std::optional<std::uint16_t> CidTable::find(std::uint64_t hash) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint64_t slot = slots_[locate(tag_of(hash))];
  if (slot == 0) return std::nullopt;
  return static_cast<std::uint16_t>(slot & kValueMask);
}

void CidTable::set(std::uint64_t hash, std::uint16_t value) {
  if (4 * (size_ + 1) > 3 * slots_.size()) grow();
  const std::uint64_t tag = tag_of(hash);
  std::uint64_t& slot = slots_[locate(tag)];
  if (slot == 0) ++size_;
  slot = tag | value;
}

bool CidTable::add(std::uint64_t hash, std::uint16_t value) {
  if (4 * (size_ + 1) > 3 * slots_.size()) grow();
  const std::uint64_t tag = tag_of(hash);
  std::uint64_t& slot = slots_[locate(tag)];
  if (slot != 0) return false;
  ++size_;
  slot = tag | value;
  return true;
}

bool CidTable::erase(std::uint64_t hash) {
  if (slots_.empty()) return false;
  const std::size_t at = locate(tag_of(hash));
  if (slots_[at] == 0) return false;
  if (--size_ == 0) {
    clear();
  } else {
    close_gap(at);
  }
  return true;
}

// Linear probing without tombstones: later ones of the run move up where they may.
void CidTable::close_gap(std::size_t gap) {
  for (std::size_t at = after(gap); slots_[at] != 0; at = after(at)) {
    if (distance(home(slots_[at]), at) < distance(gap, at)) continue;
    slots_[gap] = slots_[at];
    gap = at;
  }
  slots_[gap] = 0;
}

void CidTable::clear() {
  std::vector<std::uint64_t>().swap(slots_);  // an assignment of nothing would keep the memory
  size_ = 0;
}

void CidTable::wipe() {
  std::ranges::fill(slots_, 0);
  size_ = 0;
}

void CidTable::grow() {
  const auto old = std::exchange(
      slots_, std::vector<std::uint64_t>(std::max(kMinSlots, slots_.size() + slots_.size() / 2)));
  for (const std::uint64_t slot : old) {
    if (slot != 0) slots_[locate(slot & ~kValueMask)] = slot;
  }
}

}  // namespace mexport::ipfs
