// SPDX-License-Identifier: MIT
#include "multiformats/url_escape.hpp"

#include "multiformats/alphabet.hpp"

#include <cstddef>
#include <cstdint>

namespace mexport::multiformats {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr Alphabet kHexValues{kHex, Alphabet::Case::any};
constexpr Alphabet kUnreserved{
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"};

}  // namespace

void url_escape(base::ByteView bytes, std::string& out) {
  for (const auto byte : bytes) {
    const auto c = static_cast<char>(byte);
    if (c == ' ') {
      out += '+';
    } else if (kUnreserved.digit(c) >= 0) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

bool url_unescape(std::string_view text, base::Bytes& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(static_cast<std::uint8_t>(text[i] == '+' ? ' ' : text[i]));
      continue;
    }
    if (text.size() - i < 3) return false;
    const int high = kHexValues.digit(text[i + 1]);
    const int low = kHexValues.digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    i += 2;
  }
  return true;
}

}  // namespace mexport::multiformats
