// SPDX-License-Identifier: MIT
#include "multiformats/radix_codec.hpp"

#include "multiformats/alphabet.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mexport::multiformats {
namespace {

/// A base with its digits grouped into 32-bit limbs: one division per limb instead of per digit.
struct Base58 {
  static constexpr std::uint32_t kBase = 58;
  static constexpr std::size_t kDigits = 5;
  static constexpr std::uint32_t kLimb = 58u * 58 * 58 * 58 * 58;
  static constexpr std::string_view kAlphabet =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  static constexpr Alphabet kReverse{kAlphabet};
};

struct Base36 {
  static constexpr std::uint32_t kBase = 36;
  static constexpr std::size_t kDigits = 6;
  static constexpr std::uint32_t kLimb = 36u * 36 * 36 * 36 * 36 * 36;
  static constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  static constexpr Alphabet kReverse{kAlphabet, Alphabet::Case::any};
};

/// Little-endian limbs; on the stack for all that CIDs and peer ids need.
class Limbs {
 public:
  explicit Limbs(std::size_t capacity) {
    if (capacity > small_.size()) big_.resize(capacity);
    data_ = big_.empty() ? small_.data() : big_.data();
  }
  Limbs(const Limbs&) = delete;
  Limbs& operator=(const Limbs&) = delete;

  std::uint32_t* begin() { return data_; }
  std::uint32_t* end() { return data_ + size_; }
  std::size_t size() const { return size_; }
  std::uint32_t operator[](std::size_t i) const { return data_[i]; }
  void push_back(std::uint32_t limb) { data_[size_++] = limb; }

 private:
  static constexpr std::size_t kSmall = 48;

  std::array<std::uint32_t, kSmall> small_{};
  std::vector<std::uint32_t> big_;
  std::uint32_t* data_;
  std::size_t size_ = 0;
};

/// number = number * 2^32 + word, in limbs of B::kLimb.
template <class B>
void shift_in_word(Limbs& number, std::uint32_t word) {
  std::uint64_t carry = word;
  for (auto& limb : number) {
    const std::uint64_t value = (std::uint64_t{limb} << 32) + carry;
    limb = static_cast<std::uint32_t>(value % B::kLimb);
    carry = value / B::kLimb;
  }
  for (; carry != 0; carry /= B::kLimb) {
    number.push_back(static_cast<std::uint32_t>(carry % B::kLimb));
  }
}

template <class B>
void append_digits(const Limbs& number, std::string& out) {
  std::array<char, B::kDigits> digits{};
  bool leading = true;
  for (std::size_t i = number.size(); i-- > 0;) {
    std::uint32_t limb = number[i];
    for (std::size_t d = B::kDigits; d-- > 0; limb /= B::kBase) {
      digits[d] = B::kAlphabet[limb % B::kBase];
    }
    std::size_t skip = 0;
    while (leading && skip < B::kDigits && digits[skip] == B::kAlphabet[0]) ++skip;
    leading = leading && skip == B::kDigits;
    out.append(digits.data() + skip, B::kDigits - skip);
  }
}

template <class B>
void append_radix(base::ByteView data, std::string& out) {
  const auto first = std::find_if(data.begin(), data.end(), [](auto byte) { return byte != 0; });
  out.append(static_cast<std::size_t>(first - data.begin()), B::kAlphabet[0]);
  const base::ByteView rest(first, data.end());

  // kLimb is above 2^29 for either base, so a limb holds more than 29 bits.
  Limbs number(rest.size() * 8 / 29 + 2);
  std::size_t at = 0;
  while (at < rest.size()) {
    const std::size_t size = (rest.size() - at - 1) % 4 + 1;  // a short word can only be the first
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < size; ++i) word = word << 8 | rest[at + i];
    shift_in_word<B>(number, word);
    at += size;
  }
  append_digits<B>(number, out);
}

/// number = number * factor + addend, in limbs of 2^32.
void multiply_add(Limbs& number, std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (auto& limb : number) {
    const std::uint64_t value = std::uint64_t{limb} * factor + carry;
    limb = static_cast<std::uint32_t>(value);
    carry = value >> 32;
  }
  if (carry != 0) number.push_back(static_cast<std::uint32_t>(carry));
}

void append_big_endian(const Limbs& number, base::Bytes& out) {
  bool leading = true;
  for (std::size_t i = number.size(); i-- > 0;) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      const auto byte = static_cast<std::uint8_t>(number[i] >> shift);
      leading = leading && byte == 0;
      if (!leading) out.push_back(byte);
    }
  }
}

template <class B>
bool decode_radix(std::string_view text, base::Bytes& out) {
  const std::size_t zeros = std::min(text.find_first_not_of(B::kAlphabet[0]), text.size());
  text.remove_prefix(zeros);

  Limbs number(text.size() * B::kDigits / 26 + 2);  // below 6 bits a digit, 32 a limb
  while (!text.empty()) {
    const std::size_t size = (text.size() - 1) % B::kDigits + 1;
    std::uint32_t factor = 1;
    std::uint32_t group = 0;
    for (const char c : text.substr(0, size)) {
      const int digit = B::kReverse.digit(c);
      if (digit < 0) return false;
      factor *= B::kBase;  // 36^6 and 58^5 are below 2^32
      group = group * B::kBase + static_cast<std::uint32_t>(digit);
    }
    multiply_add(number, factor, group);
    text.remove_prefix(size);
  }
  out.assign(zeros, 0);
  append_big_endian(number, out);
  return true;
}

}  // namespace

void append_radix58(base::ByteView data, std::string& out) {
  append_radix<Base58>(data, out);
}
void append_radix36(base::ByteView data, std::string& out) {
  append_radix<Base36>(data, out);
}

bool decode_radix58(std::string_view text, base::Bytes& out) {
  return decode_radix<Base58>(text, out);
}
bool decode_radix36(std::string_view text, base::Bytes& out) {
  return decode_radix<Base36>(text, out);
}

}  // namespace mexport::multiformats
