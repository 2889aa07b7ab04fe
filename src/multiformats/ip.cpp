// SPDX-License-Identifier: MIT
#include "multiformats/ip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cstddef>
#include <iterator>
#include <span>

namespace mexport::multiformats {
namespace {

constexpr std::array<std::uint8_t, 12> kV4MappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kGroups = 8;

/// inet_pton wants a terminated string; a longer text than this is no address.
std::optional<IpAddress> parse(int family, std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.contains('\0')) return std::nullopt;
  std::ranges::copy(text, terminated.begin());
  IpAddress address;
  address.v6 = family == AF_INET6;
  if (inet_pton(family, terminated.data(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

/// The first of the longest runs of at least two zero groups (RFC 5952, section 4.2).
struct Run {
  std::size_t begin = kGroups;
  std::size_t size = 1;
};

Run longest_zero_run(const std::array<unsigned, kGroups>& groups) {
  Run best;
  for (std::size_t i = 0; i < kGroups;) {
    std::size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > best.size) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

std::string ip6_text(const IpAddress& address) {
  std::array<unsigned, kGroups> groups{};
  for (std::size_t i = 0; i < kGroups; ++i) {
    groups[i] = unsigned{address.bytes[2 * i]} << 8 | address.bytes[2 * i + 1];
  }
  const Run run = longest_zero_run(groups);
  std::string out;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == run.begin) {
      out += "::";
      i += run.size - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    fmt::format_to(std::back_inserter(out), "{:x}", groups[i]);
  }
  return out;
}

}  // namespace

bool IpAddress::is_v4_mapped() const {
  return v6 && std::ranges::equal(kV4MappedPrefix, std::span(bytes).first<12>());
}

IpAddress IpAddress::unmapped() const {
  if (!is_v4_mapped()) return *this;
  return ip4(bytes[12], bytes[13], bytes[14], bytes[15]);
}

std::string to_string(const IpAddress& address) {
  if (address.is_v4_mapped()) return "::ffff:" + to_string(address.unmapped());
  if (address.v6) return ip6_text(address);
  const auto& b = address.bytes;
  return fmt::format("{}.{}.{}.{}", b[0], b[1], b[2], b[3]);
}

std::optional<IpAddress> parse_ip4(std::string_view text) {
  return parse(AF_INET, text);
}
std::optional<IpAddress> parse_ip6(std::string_view text) {
  return parse(AF_INET6, text);
}

}  // namespace mexport::multiformats
