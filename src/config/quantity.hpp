// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::config {

/// "90d": a whole number and one of s, m, h, d, w. nullopt for anything else, and when it does not
/// fit.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);
/// In the largest unit that gives a whole number.
std::string format_duration(std::chrono::seconds duration);

/// "500GiB": a whole number and one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, in any case and maybe
/// with a space between. nullopt for anything else, and when it does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// In the largest unit that gives a whole number.
std::string format_size(std::uint64_t bytes);

/// "80%": 1 to 100.
std::optional<std::uint32_t> parse_percent(std::string_view text);

}  // namespace mexport::config
