// SPDX-License-Identifier: MIT
#include "multiformats/multibase.hpp"

#include "multiformats/bit_codec.hpp"
#include "multiformats/error.hpp"
#include "multiformats/radix_codec.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

namespace mexport::multiformats {
namespace {

using Case = Alphabet::Case;

constexpr BitBase kBase16{4, "0123456789abcdef", Case::any};
constexpr BitBase kBase16Upper{4, "0123456789ABCDEF", Case::any};
constexpr BitBase kBase32{5, kBase32Digits, Case::any};
constexpr BitBase kBase32Upper{5, kBase32UpperDigits, Case::any};
constexpr BitBase kBase64{6, kBase64Digits};
constexpr BitBase kBase64Padded{6, kBase64Digits, Case::exact, true};
constexpr BitBase kBase64Url{6, kBase64UrlDigits};
constexpr BitBase kBase64UrlPadded{6, kBase64UrlDigits, Case::exact, true};

const BitBase* bit_base(Multibase base) {
  switch (base) {
    case Multibase::base16:
      return &kBase16;
    case Multibase::base16_upper:
      return &kBase16Upper;
    case Multibase::base32:
      return &kBase32;
    case Multibase::base32_upper:
      return &kBase32Upper;
    case Multibase::base64:
      return &kBase64;
    case Multibase::base64_padded:
      return &kBase64Padded;
    case Multibase::base64url:
      return &kBase64Url;
    case Multibase::base64url_padded:
      return &kBase64UrlPadded;
    case Multibase::base36:
    case Multibase::base36_upper:
    case Multibase::base58btc:
      break;
  }
  return nullptr;
}

bool is_base36(Multibase base) {
  return base == Multibase::base36 || base == Multibase::base36_upper;
}

bool is_radix(Multibase base) {
  return is_base36(base) || base == Multibase::base58btc;
}

/// Two base 32 characters per ten bits: half as many look-ups as one by one.
using Pair = std::array<char, 2>;
constexpr std::array<Pair, 1024> make_pairs() {
  std::array<Pair, 1024> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {kBase32Digits[i >> 5], kBase32Digits[i & 31]};
  }
  return pairs;
}
constexpr auto kBase32Pairs = make_pairs();

char* put_pair(char* out, std::uint64_t ten_bits) {
  const Pair& pair = kBase32Pairs[ten_bits & 1023];
  out[0] = pair[0];
  out[1] = pair[1];
  return out + 2;
}

}  // namespace

base::Result<base::Bytes> decode_multibase(std::string_view text) {
  if (text.empty()) return base::fail(Error::truncated);
  const auto base = static_cast<Multibase>(text.front());
  const std::string_view digits = text.substr(1);
  base::Bytes out;
  if (const BitBase* bits = bit_base(base)) {
    if (!decode_bits(*bits, digits, out)) return base::fail(Error::bad_multibase);
    return out;
  }
  if (!is_radix(base)) return base::fail(Error::bad_multibase);
  if (digits.size() > kMaxRadixText) return base::fail(Error::too_long);
  const bool good = is_base36(base) ? decode_radix36(digits, out) : decode_radix58(digits, out);
  if (!good) return base::fail(Error::bad_multibase);
  return out;
}

std::string encode_multibase(Multibase base, base::ByteView data) {
  std::string out(1, static_cast<char>(base));
  if (const BitBase* bits = bit_base(base)) {
    append_bits(*bits, data, out);
  } else if (base == Multibase::base58btc) {
    append_base58(out, data);
  } else {
    assert(data.size() <= kMaxRadixData);
    append_radix36(data, out);
    if (base == Multibase::base36_upper) {
      std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
    }
  }
  return out;
}

void append_base58(std::string& out, base::ByteView data) {
  assert(data.size() <= kMaxRadixData);
  append_radix58(data, out);
}

std::string encode_base58(base::ByteView data) {
  std::string out;
  append_base58(out, data);
  return out;
}

base::Result<base::Bytes> decode_base58(std::string_view text) {
  if (text.size() > kMaxRadixText) return base::fail(Error::too_long);
  base::Bytes out;
  if (!decode_radix58(text, out)) return base::fail(Error::bad_multibase);
  return out;
}

void append_base32_lower(base::ByteView data, std::string& out) {
  const std::size_t start = out.size();
  const std::size_t whole = data.size() / 5 * 5;
  out.resize(start + whole / 5 * 8);
  char* to = out.data() + start;
  for (std::size_t i = 0; i < whole; i += 5) {
    std::uint64_t group = 0;
    for (std::size_t k = 0; k < 5; ++k) group = group << 8 | data[i + k];
    to = put_pair(to, group >> 30);
    to = put_pair(to, group >> 20);
    to = put_pair(to, group >> 10);
    to = put_pair(to, group);
  }
  append_bits(kBase32, data.subspan(whole), out);
}

}  // namespace mexport::multiformats
