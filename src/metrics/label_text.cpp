// SPDX-License-Identifier: MIT
#include "metrics/label_text.hpp"

#include <cstdint>

namespace mexport::metrics {

namespace {

/// Length of the UTF-8 character at the begin of `text`; 0 when there is none (RFC 3629: neither
/// overlong forms nor surrogates nor what is above U+10FFFF).
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 2;
  if (first >= 0xe0) length = first >= 0xf0 ? 4 : 3;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const auto second = byte(1);
  const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                     (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return wrong ? 0 : length;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<std::uint8_t>(character[1]) < 0xa0;
}

}  // namespace

std::string label_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = character(text);
    const auto next = text.substr(0, length == 0 ? 1 : length);
    const bool fit = length > 0 && !is_control(next);
    if (out.size() + (fit ? next.size() : 1) > kMaxLabelBytes) break;
    if (fit) {
      out += next;
    } else {
      out += '?';
    }
    text.remove_prefix(next.size());
  }
  return out;
}

}  // namespace mexport::metrics
