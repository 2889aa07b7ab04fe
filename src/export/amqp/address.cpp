// SPDX-License-Identifier: MIT
#include "export/amqp/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace mexport::exporter::amqp {
namespace {

constexpr std::string_view kPlainScheme = "amqp://";
constexpr std::string_view kTlsScheme = "amqps://";
/// The protocol's short strings hold so much.
constexpr std::size_t kMaxShortString = 255;
constexpr std::size_t kMaxHost = 253;

using Text = std::expected<std::string, AddressError>;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Control characters are refused: the library that sends the text ends it at a NUL.
Text decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::unexpected(AddressError::bad_escape);
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(c)) return std::unexpected(AddressError::bad_character);
    out.push_back(c);
  }
  return out;
}

std::string encode(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       kPlain.contains(c);
    if (plain) {
      out.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() &&
         std::ranges::equal(text.substr(0, scheme.size()), scheme, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

bool starts_address(std::string_view text) {
  return starts_with_scheme(text, kPlainScheme) || starts_with_scheme(text, kTlsScheme);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= kMaxHost && std::ranges::all_of(host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_';
  });
}

bool is_ip6(std::string_view host) {
  return !host.empty() && host.size() <= kMaxHost && std::ranges::count(host, '%') <= 1 &&
         host.contains(':') && std::ranges::all_of(host, [](char c) {
           return hex_digit(c) >= 0 || c == ':' || c == '.' || c == '%' || is_host_name({&c, 1});
         });
}

std::optional<AddressError> read_user(std::string_view text, Address& out) {
  const auto colon = text.find(':');
  auto user = decode(text.substr(0, colon));
  if (!user) return user.error();
  if (user->size() > kMaxShortString) return AddressError::bad_user;
  out.user = std::move(*user);
  if (colon == std::string_view::npos) return std::nullopt;
  auto password = decode(text.substr(colon + 1));
  if (!password) return password.error();
  out.password = Password(std::move(*password));
  return std::nullopt;
}

std::optional<AddressError> read_port(std::string_view text, Address& out) {
  if (text.empty()) return std::nullopt;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    return AddressError::bad_port;
  }
  out.port = port;
  return std::nullopt;
}

std::optional<AddressError> read_host(std::string_view text, Address& out) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return AddressError::bad_host;
    const auto host = decode(text.substr(1, end - 1));
    if (!host || !is_ip6(*host)) return AddressError::bad_host;
    out.host = *host;
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() != ':') return AddressError::bad_host;
    return read_port(text.empty() ? text : text.substr(1), out);
  }
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  if (!host.empty()) {
    if (!is_host_name(host)) return AddressError::bad_host;
    out.host = host;
  }
  if (colon == std::string_view::npos) return std::nullopt;
  return read_port(text.substr(colon + 1), out);
}

std::optional<AddressError> read_vhost(std::string_view path, Address& out) {
  if (path.size() <= 1) return std::nullopt;
  path.remove_prefix(1);
  if (path.contains('/')) return AddressError::bad_vhost;
  auto vhost = decode(path);
  if (!vhost) return vhost.error();
  if (vhost->size() > kMaxShortString) return AddressError::bad_vhost;
  out.vhost = std::move(*vhost);
  return std::nullopt;
}

/// Where the next address of a list begins, or the end.
std::size_t end_of_address(std::string_view list) {
  for (auto comma = list.find(','); comma != std::string_view::npos;
       comma = list.find(',', comma + 1)) {
    const auto rest = trim(list.substr(comma + 1));
    if (rest.empty() || starts_address(rest)) return comma;
  }
  return list.size();
}

}  // namespace

std::string Address::to_string() const {
  auto shown = host.contains(':') ? "[" + host + "]" : host;
  if (const auto zone = shown.find('%'); zone != std::string::npos) shown.insert(zone + 1, "25");
  return fmt::format("{}{}:(hidden)@{}:{}/{}", tls ? kTlsScheme : kPlainScheme, encode(user), shown,
                     port, encode(vhost));
}

std::string_view to_string(AddressError error) {
  switch (error) {
    case AddressError::too_long:
      return "it is too long";
    case AddressError::no_scheme:
      return "it does not begin with amqp:// or amqps://";
    case AddressError::bad_escape:
      return "a % is not followed by two hexadecimal digits";
    case AddressError::bad_character:
      return "there is a control character in it";
    case AddressError::bad_user:
      return "the user's name is too long";
    case AddressError::bad_host:
      return "the host is neither a name nor an IP address (an IPv6 address stands in brackets)";
    case AddressError::bad_port:
      return "the port is not a number from 1 to 65535 (characters such as / in a password are "
             "written as %2F)";
    case AddressError::bad_vhost:
      return "the vhost is too long or has a / that is not written as %2F";
    case AddressError::too_many:
      break;
  }
  return "there are too many";
}

std::expected<Address, AddressError> parse_address(std::string_view text) {
  if (text.size() > kMaxAddressSize) return std::unexpected(AddressError::too_long);
  Address out;
  out.tls = starts_with_scheme(text, kTlsScheme);
  if (!out.tls && !starts_with_scheme(text, kPlainScheme)) {
    return std::unexpected(AddressError::no_scheme);
  }
  text.remove_prefix(out.tls ? kTlsScheme.size() : kPlainScheme.size());
  out.port = out.tls ? kTlsPort : kPort;
  text = text.substr(0, text.find_first_of("?#"));
  const auto slash = text.find('/');
  const auto authority = text.substr(0, slash);
  const auto path = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  const auto at = authority.rfind('@');
  std::optional<AddressError> error;
  if (at != std::string_view::npos) error = read_user(authority.substr(0, at), out);
  const auto host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (!error) error = read_host(host, out);
  if (!error) error = read_vhost(path, out);
  if (error) return std::unexpected(*error);
  return out;
}

std::expected<std::vector<Address>, AddressError> parse_addresses(std::string_view text) {
  std::vector<Address> out;
  text = trim(text);
  while (!text.empty()) {
    if (out.size() == kMaxBrokers) return std::unexpected(AddressError::too_many);
    const auto end = end_of_address(text);
    auto address = parse_address(trim(text.substr(0, end)));
    if (!address) return std::unexpected(address.error());
    out.push_back(std::move(*address));
    text.remove_prefix(std::min(end + 1, text.size()));
    text = trim(text);
  }
  return out;
}

}  // namespace mexport::exporter::amqp
