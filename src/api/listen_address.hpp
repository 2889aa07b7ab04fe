// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::api {

/// One of `HTTPServerConfig.ListenAddresses`, as Go's net.Listen takes it.
struct ListenAddress {
  std::string host;        ///< a name, an IP address without brackets, or empty: every address
  std::uint16_t port = 0;  ///< 0: any free one

  /// As it was written: "localhost:8432", "[::1]:0".
  std::string to_string() const;
  bool operator==(const ListenAddress&) const = default;
};

/// `host:port`, `:port`, `[ip6]:port`. nullopt for all else.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace mexport::api
