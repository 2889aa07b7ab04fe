// SPDX-License-Identifier: MIT
#include "config/quantity.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <span>

namespace mexport::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor = 1;
};

// The largest first: format_with() takes the first that divides.
constexpr std::array kDurations{Unit{"w", 604'800}, Unit{"d", 86'400}, Unit{"h", 3600},
                                Unit{"m", 60}, Unit{"s", 1}};
constexpr std::array kSizes{Unit{"TiB", 1ULL << 40},
                            Unit{"GiB", 1ULL << 30},
                            Unit{"MiB", 1ULL << 20},
                            Unit{"KiB", 1ULL << 10},
                            Unit{"TB", 1'000'000'000'000},
                            Unit{"GB", 1'000'000'000},
                            Unit{"MB", 1'000'000},
                            Unit{"kB", 1000},
                            Unit{"B", 1}};

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](unsigned char c) { return std::tolower(c); },
      [](unsigned char c) { return std::tolower(c); });
}

/// A whole number in front, maybe with a space behind, and the rest.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return number;
}

std::optional<std::uint64_t> parse_with(std::string_view text, std::span<const Unit> units,
                                        std::uint64_t max) {
  const auto number = take_number(text);
  const auto unit = std::ranges::find_if(
      units, [&](const Unit& candidate) { return same_letters(candidate.name, text); });
  if (!number || unit == units.end() || *number > max / unit->factor) return std::nullopt;
  return *number * unit->factor;
}

std::string format_with(std::uint64_t value, std::span<const Unit> units) {
  const auto unit = std::ranges::find_if(
      units, [&](const Unit& candidate) { return value % candidate.factor == 0; });
  return std::to_string(value / unit->factor).append(unit->name);
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int32_t>::max() * std::uint64_t{100};
  const auto seconds = parse_with(text, kDurations, kMax);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

std::string format_duration(std::chrono::seconds duration) {
  return format_with(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_with(text, kSizes, std::numeric_limits<std::int64_t>::max());
}

std::string format_size(std::uint64_t bytes) {
  return format_with(bytes, kSizes);
}

std::optional<std::uint32_t> parse_percent(std::string_view text) {
  const auto number = take_number(text);
  if (!number || text != "%" || *number < 1 || *number > 100) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

}  // namespace mexport::config
