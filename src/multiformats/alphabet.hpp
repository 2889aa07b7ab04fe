// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mexport::multiformats {

/// The digits of a base by their characters, built at compile time.
class Alphabet {
 public:
  enum class Case : std::uint8_t { exact, any };

  constexpr explicit Alphabet(std::string_view digits, Case letters = Case::exact) {
    digits_.fill(-1);
    for (std::size_t i = 0; i < digits.size(); ++i) {
      set(digits[i], i);
      if (letters == Case::any) set(other_case(digits[i]), i);
    }
  }

  /// The value of a digit; -1 for a character that is none.
  constexpr int digit(char c) const { return digits_[static_cast<unsigned char>(c)]; }

 private:
  constexpr void set(char c, std::size_t value) {
    digits_[static_cast<unsigned char>(c)] = static_cast<std::int8_t>(value);
  }
  static constexpr char other_case(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c;
  }

  std::array<std::int8_t, 256> digits_{};
};

}  // namespace mexport::multiformats
