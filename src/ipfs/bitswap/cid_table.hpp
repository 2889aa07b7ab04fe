// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mexport::ipfs {

/// A keyed hash of a CID's bytes, with which peers cannot aim at collisions.
class CidHasher {
 public:
  explicit CidHasher(base::Random& random);
  std::uint64_t operator()(base::ByteView cid) const;

 private:
  std::array<std::uint8_t, 16> key_{};
};

/// A small map from CIDs' hashes to 16 bits, 8 bytes a slot. 48 bits of a hash stand for the CID:
/// among the thousands it may hold two fall together once in 10^8 peers. Operations on one CID are
/// O(1); a table that is emptied by them holds no memory.
class CidTable {
 public:
  static constexpr std::size_t kSlotSize = sizeof(std::uint64_t);

  std::size_t size() const { return size_; }
  std::optional<std::uint16_t> find(std::uint64_t hash) const;
  /// Adds or replaces.
  void set(std::uint64_t hash, std::uint16_t value);
  /// False when there is one already, which stays.
  bool add(std::uint64_t hash, std::uint16_t value);
  bool erase(std::uint64_t hash);
  void clear();
  /// Empties the table and keeps its memory.
  void wipe();
  std::size_t memory_size() const { return slots_.capacity() * sizeof(std::uint64_t); }

 private:
  std::size_t home(std::uint64_t slot) const;
  std::size_t after(std::size_t at) const;
  std::size_t distance(std::size_t from, std::size_t to) const;
  std::size_t locate(std::uint64_t tag) const;
  void grow();
  void close_gap(std::size_t gap);

  std::vector<std::uint64_t> slots_;  // tag and value, 0 when free; at most three quarters are not
  std::size_t size_ = 0;
};

}  // namespace mexport::ipfs
