// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mexport::compare {

/// What stands for a content in tables: 128 bits of it, under a seed that each process draws, so
/// that nobody who wrote a record can choose keys that collide.
struct Key {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend auto operator<=>(const Key&, const Key&) = default;

  /// Together as a set: in whatever order they are added.
  Key& operator+=(const Key& other) {
    low += other.low;
    high += other.high;
    return *this;
  }
};

Key key_of(std::string_view bytes);
/// Of two, in this order, and a number.
Key key_of(const Key& first, const Key& second, std::uint64_t number);

struct KeyHash {
  std::size_t operator()(const Key& key) const { return key.low; }
};

}  // namespace mexport::compare
