// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// The pieces of JSON text as Go's encoding/json writes them, appended to a string that the caller
/// reuses. Structure is the caller's.

/// A quoted string: `<`, `>`, `&`, U+2028, U+2029 and control characters are escaped, each invalid
/// UTF-8 byte becomes `\ufffd`, other UTF-8 stands raw.
void append_json_string(std::string& out, std::string_view text);

/// `["a","b"]`; `[]` when empty.
void append_json_strings(std::string& out, std::span<const std::string> texts);

template <std::integral Integer>
void append_json_integer(std::string& out, Integer value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

inline void append_json_bool(std::string& out, bool value) {
  out.append(value ? std::string_view("true") : std::string_view("false"));
}

/// Quoted RFC 3339 text in UTC, as Go's time.Time: up to nine fractional digits, trailing zeros
/// dropped. Remembers the current second's text. One owner, one thread.
class TimestampWriter {
 public:
  void append(std::string& out, base::WallTime time);

 private:
  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  std::string text_;  // of second_, with the opening quote
};

}  // namespace mexport::exporter
