// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mexport::crypto {

/// Overwrites `bytes` with zeros in a way that the compiler keeps.
void wipe(base::MutableByteView bytes);

/// Fills `bytes` from the operating system's generator.
void fill_random(base::MutableByteView bytes);

/// Whether both are the same, found out in a time that tells of their sizes alone.
bool equal_secrets(base::ByteView a, base::ByteView b);

/// N bytes that are overwritten when their owner is destroyed. Copies are wiped on their own.
template <std::size_t N>
class Secret {
 public:
  Secret() = default;
  explicit Secret(const std::array<std::uint8_t, N>& bytes) : bytes_(bytes) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { wipe(bytes_); }

  base::ByteView view() const { return bytes_; }
  base::MutableByteView mutable_view() { return bytes_; }
  const std::uint8_t* data() const { return bytes_.data(); }
  std::uint8_t* data() { return bytes_.data(); }
  static constexpr std::size_t size() { return N; }

 private:
  std::array<std::uint8_t, N> bytes_{};
};

}  // namespace mexport::crypto
