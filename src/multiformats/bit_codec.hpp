// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "multiformats/alphabet.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mexport::multiformats {

/// RFC 4648's bases of 16, 32 and 64 digits: a fixed number of bits per character.
struct BitBase {
  unsigned bits;  ///< per character: 4, 5 or 6
  std::string_view digits;
  Alphabet values;
  bool padded = false;

  constexpr BitBase(unsigned bits_per_digit, std::string_view alphabet,
                    Alphabet::Case letters = Alphabet::Case::exact, bool with_padding = false)
      : bits(bits_per_digit), digits(alphabet), values(alphabet, letters), padded(with_padding) {}
};

inline constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kBase64UrlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::string_view kBase32Digits = "abcdefghijklmnopqrstuvwxyz234567";
inline constexpr std::string_view kBase32UpperDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void append_bits(const BitBase& base, base::ByteView data, std::string& out);
/// Strict: refuses other characters, impossible lengths, wrong padding and stray bits at the end.
/// False leaves `out` unspecified.
bool decode_bits(const BitBase& base, std::string_view text, base::Bytes& out);

}  // namespace mexport::multiformats
