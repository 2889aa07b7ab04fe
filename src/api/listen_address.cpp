// SPDX-License-Identifier: MIT
#include "api/listen_address.hpp"

#include <charconv>

namespace mexport::api {

std::string ListenAddress::to_string() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  ListenAddress address;
  const auto [rest, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
    if (host.find_first_of("[]") != std::string_view::npos) return std::nullopt;
  } else if (host.find_first_of("[]:/ ") != std::string_view::npos) {
    return std::nullopt;
  }
  address.host = host;
  return address;
}

}  // namespace mexport::api
