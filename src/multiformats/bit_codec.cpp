// SPDX-License-Identifier: MIT
#include "multiformats/bit_codec.hpp"

#include <cstdint>

namespace mexport::multiformats {
namespace {

/// Characters of a padded group: 8 for base 32, 4 for base 64.
constexpr std::size_t group_size(unsigned bits) {
  return bits == 5 ? 8 : 4;
}

/// Cuts the padding that completes the last group; false when it is not exactly that.
bool cut_padding(unsigned bits, std::string_view& text) {
  const std::size_t group = group_size(bits);
  if (text.size() % group != 0) return false;
  const std::size_t digits = text.find('=');
  if (digits == std::string_view::npos) return true;
  if (text.size() - digits >= group) return false;
  if (text.find_first_not_of('=', digits) != std::string_view::npos) return false;
  text = text.substr(0, digits);
  return true;
}

}  // namespace

void append_bits(const BitBase& base, base::ByteView data, std::string& out) {
  const std::size_t start = out.size();
  const std::uint32_t mask = (1u << base.bits) - 1;
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (const auto byte : data) {
    buffer = buffer << 8 | byte;
    held += 8;
    while (held >= base.bits) {
      held -= base.bits;
      out.push_back(base.digits[buffer >> held & mask]);
    }
  }
  if (held > 0) out.push_back(base.digits[buffer << (base.bits - held) & mask]);
  if (!base.padded) return;
  while ((out.size() - start) % group_size(base.bits) != 0) out.push_back('=');
}

bool decode_bits(const BitBase& base, std::string_view text, base::Bytes& out) {
  if (base.padded && !cut_padding(base.bits, text)) return false;
  out.clear();
  out.reserve(text.size() * base.bits / 8);
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int digit = base.values.digit(c);
    if (digit < 0) return false;
    buffer = buffer << base.bits | static_cast<std::uint32_t>(digit);
    held += base.bits;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<std::uint8_t>(buffer >> held));
  }
  // What is left must be padding bits: fewer than a digit's worth, all zero.
  return held < base.bits && (buffer & ((1u << held) - 1)) == 0;
}

}  // namespace mexport::multiformats
