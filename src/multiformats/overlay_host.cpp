// SPDX-License-Identifier: MIT
#include "multiformats/overlay_host.hpp"

#include "multiformats/bit_codec.hpp"
#include "multiformats/decimal.hpp"

#include <cstdint>

namespace mexport::multiformats {
namespace {

constexpr std::size_t kMinGarlic64Size = 386;
constexpr std::size_t kGarlic32Size = 32;
constexpr std::size_t kMinEncryptedGarlic32Size = 35;

constexpr BitBase kOnionBase{5, kBase32Digits, Alphabet::Case::any};
constexpr BitBase kGarlic32Base{5, kBase32Digits};
constexpr BitBase kGarlic64Base{6,
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~",
                                Alphabet::Case::exact, true};

}  // namespace

bool parse_onion(std::string_view text, std::size_t host_size, base::Bytes& value) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto port = parse_decimal<std::uint16_t>(text.substr(colon + 1));
  if (!port || !decode_bits(kOnionBase, text.substr(0, colon), value)) return false;
  if (value.size() != host_size) return false;
  append_big_endian(*port, value);
  return valid_onion(value);
}

bool valid_onion(base::ByteView value) {
  return read_big_endian<std::uint16_t>(value.last(sizeof(std::uint16_t))) != 0;
}

void append_onion(base::ByteView value, std::string& out) {
  const std::size_t host_size = value.size() - sizeof(std::uint16_t);
  append_bits(kOnionBase, value.first(host_size), out);
  out += ':';
  out += std::to_string(read_big_endian<std::uint16_t>(value.subspan(host_size)));
}

bool parse_garlic64(std::string_view text, base::Bytes& value) {
  return decode_bits(kGarlic64Base, text, value) && valid_garlic64(value);
}

bool valid_garlic64(base::ByteView value) {
  return value.size() >= kMinGarlic64Size;
}

void append_garlic64(base::ByteView value, std::string& out) {
  append_bits(kGarlic64Base, value, out);
}

bool parse_garlic32(std::string_view text, base::Bytes& value) {
  return decode_bits(kGarlic32Base, text, value) && valid_garlic32(value);
}

bool valid_garlic32(base::ByteView value) {
  return value.size() == kGarlic32Size || value.size() >= kMinEncryptedGarlic32Size;
}

void append_garlic32(base::ByteView value, std::string& out) {
  append_bits(kGarlic32Base, value, out);
}

}  // namespace mexport::multiformats
