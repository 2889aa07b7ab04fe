// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/password.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter::amqp {

inline constexpr std::uint16_t kPort = 5672;
inline constexpr std::uint16_t kTlsPort = 5671;
inline constexpr std::size_t kMaxAddressSize = 2048;
inline constexpr std::size_t kMaxBrokers = 16;

/// Where a broker is and who we are there: RabbitMQ's URI specification, `amqp://` or `amqps://`.
/// What is left out is as the reference's client has it: user and password `guest`, host
/// `localhost`, vhost `/`.
struct Address {
  bool tls = false;
  std::string host = "localhost";  ///< a name or an IP address, without brackets
  std::uint16_t port = kPort;
  std::string user = "guest";
  Password password{"guest"};
  std::string vhost = "/";

  /// `amqp://user:(hidden)@host:port/vhost`, percent-encoded: never the password.
  std::string to_string() const;
  bool operator==(const Address&) const = default;
};

/// Why a text is no address. None of them repeats the text: a password may stand anywhere in it.
enum class AddressError : std::uint8_t {
  too_long,
  no_scheme,
  bad_escape,
  bad_character,
  bad_user,
  bad_host,
  bad_port,
  bad_vhost,
  too_many,
};
/// For people.
std::string_view to_string(AddressError error);

/// One URI. What follows a `?` or `#` is left unread, as the reference's client does.
std::expected<Address, AddressError> parse_address(std::string_view text);

/// Several, in the order in which they are to be tried: commas stand between them, white space may.
/// A comma that no scheme follows belongs to the address. Empty text: none.
std::expected<std::vector<Address>, AddressError> parse_addresses(std::string_view text);

}  // namespace mexport::exporter::amqp
