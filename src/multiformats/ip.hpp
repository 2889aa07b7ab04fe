// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::multiformats {

/// An IPv4 or IPv6 address. A v4-mapped IPv6 address stays IPv6 until `unmapped`.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  ///< network order; the first 4 for IPv4, zeros behind
  bool v6 = false;

  static constexpr IpAddress ip4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return {.bytes = {a, b, c, d}};
  }

  bool is_v4_mapped() const;
  /// IPv4 for a v4-mapped one, else itself.
  IpAddress unmapped() const;
  bool is_unspecified() const { return bytes == std::array<std::uint8_t, 16>{}; }
  constexpr int bits() const { return v6 ? 128 : 32; }

  bool operator==(const IpAddress&) const = default;
  auto operator<=>(const IpAddress&) const = default;
};

/// Dotted decimal for IPv4; RFC 5952 for IPv6, with `::ffff:a.b.c.d` for v4-mapped ones.
std::string to_string(const IpAddress& address);
/// Strict: no leading zeros in IPv4 parts, no zone, nothing around it.
std::optional<IpAddress> parse_ip4(std::string_view text);
std::optional<IpAddress> parse_ip6(std::string_view text);

}  // namespace mexport::multiformats
