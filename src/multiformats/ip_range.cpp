// SPDX-License-Identifier: MIT
#include "multiformats/ip_range.hpp"

#include "multiformats/decimal.hpp"
#include "multiformats/error.hpp"

#include <algorithm>
#include <array>

namespace mexport::multiformats {
namespace {

using Groups = std::array<std::uint16_t, 2>;

constexpr IpRange range4(std::uint8_t a, std::uint8_t b, std::uint8_t c, int bits) {
  return {IpAddress::ip4(a, b, c, 0), bits};
}

/// By its first two groups; what follows is zero.
constexpr IpRange range6(Groups groups, int bits) {
  IpAddress base{.v6 = true};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    base.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    base.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i]);
  }
  return {base, bits};
}

constexpr IpAddress ip6_loopback() {
  IpAddress address{.v6 = true};
  address.bytes.back() = 1;
  return address;
}

constexpr std::array kServerProfile{
    range4(10, 0, 0, 8),      range4(100, 64, 0, 10),    range4(127, 0, 0, 8),
    range4(169, 254, 0, 16),  range4(172, 16, 0, 12),    range4(192, 0, 0, 24),
    range4(192, 0, 2, 24),    range4(192, 168, 0, 16),   range4(198, 18, 0, 15),
    range4(198, 51, 100, 24), range4(203, 0, 113, 24),   range4(240, 0, 0, 4),
    range6({0x100, 0}, 64),   range6({0x2001, 0x2}, 48), range6({0x2001, 0xdb8}, 32),
    range6({0xfc00, 0}, 7),   range6({0xfe80, 0}, 10),   IpRange(ip6_loopback(), 128),
};

constexpr std::array kLoopback{range4(127, 0, 0, 8), IpRange(ip6_loopback(), 128)};

constexpr std::array kPrivate{
    range4(10, 0, 0, 8),     range4(100, 64, 0, 10),  range4(172, 16, 0, 12),
    range4(192, 168, 0, 16), range4(169, 254, 0, 16), range6({0xfc00, 0}, 7),
    range6({0xfe80, 0}, 10),
};

constexpr std::array kUnroutable{
    range4(0, 0, 0, 8),      range4(192, 0, 0, 26),       range4(192, 0, 2, 24),
    range4(192, 88, 99, 24), range4(198, 18, 0, 15),      range4(198, 51, 100, 24),
    range4(203, 0, 113, 24), range4(224, 0, 0, 4),        range4(240, 0, 0, 4),
    range6({0xff00, 0}, 8),  range6({0x2001, 0xdb8}, 32),
};

constexpr IpRange kGlobalUnicast = range6({0x2000, 0}, 3);

bool within(const IpAddress& address, const IpAddress& base, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  const int left = bits % 8;
  if (left == 0) return true;
  const auto differing = static_cast<unsigned>(base.bytes[whole] ^ address.bytes[whole]);
  return differing >> (8 - left) == 0;
}

bool ends_in_domain(std::string_view name, std::string_view domain) {
  if (!name.ends_with(domain)) return false;
  return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

/// Names that no public resolver answers (RFC 6761, 6762, 8375).
bool is_special_use(std::string_view name) {
  constexpr std::array<std::string_view, 7> kDomains{
      "localhost", "in-addr.arpa", "ip6.arpa", "invalid", "home.arpa", "local", "test"};
  return std::ranges::any_of(kDomains,
                             [&](std::string_view domain) { return ends_in_domain(name, domain); });
}

}  // namespace

base::Result<IpRange> IpRange::from_string(std::string_view text) {
  const auto address = Multiaddr::from_string(text);
  if (!address) return base::fail(address.error());
  auto at = address->components().begin();
  const auto end = address->components().end();
  if (at->protocol != Protocol::ip4 && at->protocol != Protocol::ip6) {
    return base::fail(Error::bad_address_range);
  }
  const IpAddress base = address->ip().value_or(IpAddress{});
  ++at;
  if (at == end || at->protocol != Protocol::ipcidr) return base::fail(Error::bad_address_range);
  const int bits = at->value.front();
  ++at;
  if (bits > base.bits() || at != end) return base::fail(Error::bad_address_range);
  return IpRange(base, bits);
}

base::Result<IpRange> IpRange::from_cidr(std::string_view text) {
  const auto slash = text.find('/');
  const auto host = text.substr(0, slash);
  auto base = parse_ip4(host);
  if (!base) base = parse_ip6(host);
  if (!base) return base::fail(Error::bad_address_range);
  if (slash == std::string_view::npos) return IpRange(*base, base->bits());
  const auto bits = parse_decimal<std::uint8_t>(text.substr(slash + 1));
  if (!bits || *bits > base->bits()) return base::fail(Error::bad_address_range);
  return IpRange(*base, *bits);
}

std::string IpRange::to_string() const {
  return std::string(base_.v6 ? "/ip6/" : "/ip4/") + multiformats::to_string(base_) + "/ipcidr/" +
         std::to_string(bits_);
}

bool IpRange::contains(const IpAddress& address) const {
  const IpAddress plain = base_.is_v4_mapped() ? address : address.unmapped();
  return plain.v6 == base_.v6 && within(plain, base_, bits_);
}

bool any_contains(std::span<const IpRange> ranges, const IpAddress& address) {
  return std::ranges::any_of(ranges, [&](const IpRange& range) { return range.contains(address); });
}

std::vector<IpRange> server_profile_ranges() {
  return {kServerProfile.begin(), kServerProfile.end()};
}

bool is_loopback(const IpAddress& address) {
  return any_contains(kLoopback, address);
}

bool is_private(const IpAddress& address) {
  return is_loopback(address) || any_contains(kPrivate, address);
}

bool is_unroutable(const IpAddress& address) {
  return any_contains(kUnroutable, address);
}

bool is_public(const IpAddress& address) {
  const IpAddress plain = address.unmapped();
  if (plain.v6 && !kGlobalUnicast.contains(plain)) return false;
  return !is_private(plain) && !is_unroutable(plain);
}

bool is_public(const Multiaddr& address) {
  if (const auto ip = address.ip()) return is_public(*ip);
  if (address.empty()) return false;
  const auto first = *address.components().begin();
  switch (first.protocol) {
    case Protocol::dns:
    case Protocol::dns4:
    case Protocol::dns6:
    case Protocol::dnsaddr:
      return !is_special_use(base::as_text(first.value));
    default:
      return false;
  }
}

}  // namespace mexport::multiformats
