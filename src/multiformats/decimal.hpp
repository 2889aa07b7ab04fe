// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mexport::multiformats {

/// Digits alone, within the type's range.
template <std::unsigned_integral T>
std::optional<T> parse_decimal(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <std::unsigned_integral T>
void append_big_endian(T value, base::Bytes& out) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

/// Pre-condition: `bytes` are at most as many as T has.
template <std::unsigned_integral T>
T read_big_endian(base::ByteView bytes) {
  T value = 0;
  for (const auto byte : bytes) value = static_cast<T>(value << 8 | byte);
  return value;
}

}  // namespace mexport::multiformats
