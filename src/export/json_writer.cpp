// SPDX-License-Identifier: MIT
#include "export/json_writer.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace mexport::exporter {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

enum class Class : std::uint8_t { plain, escape, multibyte };

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> classes{};
  for (std::size_t c = 0; c < 0x20; ++c) classes[c] = Class::escape;
  for (const char c : std::string_view("\"\\<>&")) {
    classes[static_cast<std::uint8_t>(c)] = Class::escape;
  }
  for (std::size_t c = 0x80; c < 256; ++c) classes[c] = Class::multibyte;
  return classes;
}
constexpr auto kClasses = make_classes();

Class class_of(char c) {
  return kClasses[static_cast<std::uint8_t>(c)];
}

void append_escaped(std::string& out, char c) {
  out.push_back('\\');
  switch (c) {
    case '"':
    case '\\':
      out.push_back(c);
      return;
    case '\n':
      out.push_back('n');
      return;
    case '\r':
      out.push_back('r');
      return;
    case '\t':
      out.push_back('t');
      return;
    default:
      out.append("u00");
      out.push_back(kHex[static_cast<std::uint8_t>(c) >> 4]);
      out.push_back(kHex[static_cast<std::uint8_t>(c) & 0xf]);
  }
}

bool within(char c, std::uint8_t low, std::uint8_t high) {
  return static_cast<std::uint8_t>(c) >= low && static_cast<std::uint8_t>(c) <= high;
}
bool continues(char c) {
  return within(c, 0x80, 0xbf);
}

/// Some first bytes narrow the second: no overlong forms, surrogates or more than U+10FFFF.
bool second_byte_fits(std::uint8_t lead, char second) {
  switch (lead) {
    case 0xe0:
      return within(second, 0xa0, 0xbf);
    case 0xed:
      return within(second, 0x80, 0x9f);
    case 0xf0:
      return within(second, 0x90, 0xbf);
    case 0xf4:
      return within(second, 0x80, 0x8f);
    default:
      return continues(second);
  }
}

/// Bytes of the well-formed UTF-8 sequence that `text` begins with; 0 when it is none
/// (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  std::size_t length = 2;
  if (lead >= 0xe0) length = 3;
  if (lead >= 0xf0) length = 4;
  if (text.size() < length || !second_byte_fits(lead, text[1])) return 0;
  if (length > 2 && !continues(text[2])) return 0;
  if (length > 3 && !continues(text[3])) return 0;
  return length;
}

/// Appends the character that `text` begins with; returns its bytes.
std::size_t append_multibyte(std::string& out, std::string_view text) {
  const auto length = sequence_length(text);
  if (length == 0) {
    out.append("\\ufffd");
    return 1;
  }
  const auto character = text.substr(0, length);
  if (character == "\u2028") {
    out.append("\\u2028");
  } else if (character == "\u2029") {
    out.append("\\u2029");
  } else {
    out.append(character);
  }
  return length;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && class_of(text[plain]) == Class::plain) ++plain;
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (class_of(text[0]) == Class::escape) {
      append_escaped(out, text[0]);
      text.remove_prefix(1);
    } else {
      text.remove_prefix(append_multibyte(out, text));
    }
  }
  out.push_back('"');
}

void append_json_strings(std::string& out, std::span<const std::string> texts) {
  out.push_back('[');
  for (const auto& text : texts) {
    if (&text != texts.data()) out.push_back(',');
    append_json_string(out, text);
  }
  out.push_back(']');
}

void TimestampWriter::append(std::string& out, base::WallTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (second != second_) {
    second_ = second;
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(second - day);
    text_.clear();
    fmt::format_to(std::back_inserter(text_), "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), clock.hours().count(),
                   clock.minutes().count(), clock.seconds().count());
  }
  out.append(text_);
  auto fraction = (time - second).count();
  if (fraction != 0) {
    std::array<char, 10> digits{'.'};
    std::size_t size = digits.size();
    for (auto at = digits.size() - 1; at > 0; --at, fraction /= 10) {
      digits[at] = static_cast<char>('0' + fraction % 10);
    }
    while (digits[size - 1] == '0') --size;
    out.append(digits.data(), size);
  }
  out.append("Z\"");
}

}  // namespace mexport::exporter
