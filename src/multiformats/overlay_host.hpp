// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mexport::multiformats {

/// Values of Tor's and I2P's multiaddr protocols (go-multiaddr: transcoders.go).

inline constexpr std::size_t kOnionHostSize = 10;
inline constexpr std::size_t kOnion3HostSize = 35;

/// `<base 32 host>:<port>`, port not 0. The value is the host and two bytes of port.
bool parse_onion(std::string_view text, std::size_t host_size, base::Bytes& value);
bool valid_onion(base::ByteView value);
/// Pre-condition: a valid value.
void append_onion(base::ByteView value, std::string& out);

/// Base 64 in I2P's alphabet, padded.
bool parse_garlic64(std::string_view text, base::Bytes& value);
bool valid_garlic64(base::ByteView value);
void append_garlic64(base::ByteView value, std::string& out);

/// Base 32 without padding.
bool parse_garlic32(std::string_view text, base::Bytes& value);
bool valid_garlic32(base::ByteView value);
void append_garlic32(base::ByteView value, std::string& out);

}  // namespace mexport::multiformats
