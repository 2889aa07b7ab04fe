// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mexport::exporter {

/// Durations counted in classes whose bounds double, half a millisecond to half a minute.
struct LatencyHistogram {
  static constexpr std::size_t kBounds = 17;
  /// The upper bound of a class, included. What is above the last is counted in `counts[kBounds]`.
  static constexpr std::chrono::nanoseconds bound(std::size_t index) {
    return std::chrono::microseconds(500) * (std::int64_t{1} << index);
  }

  void add(std::chrono::nanoseconds duration) {
    std::size_t index = 0;
    while (index < kBounds && duration > bound(index)) ++index;
    ++counts[index];
    sum += duration;
  }

  std::array<std::uint64_t, kBounds + 1> counts{};  ///< of each class alone, not cumulative
  std::chrono::nanoseconds sum{0};
};

/// Sizes counted in classes whose bounds double, 1 to 16,384.
struct SizeHistogram {
  static constexpr std::size_t kBounds = 15;
  static constexpr std::uint64_t bound(std::size_t index) { return std::uint64_t{1} << index; }

  void add(std::uint64_t size) {
    std::size_t index = 0;
    while (index < kBounds && size > bound(index)) ++index;
    ++counts[index];
    sum += size;
  }

  std::array<std::uint64_t, kBounds + 1> counts{};  ///< of each class alone, not cumulative
  std::uint64_t sum = 0;
};

}  // namespace mexport::exporter
