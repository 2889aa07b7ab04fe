// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "multiformats/multiaddr.hpp"

#include <string>
#include <string_view>

namespace mexport::multiformats {

/// The values of multiaddr components, as go-multiaddr: transcoders.go reads and prints them.

/// Whether bytes of the protocol's size (any, where it varies) are a value that can be printed.
bool valid_value(Protocol protocol, base::ByteView value);
/// False for text that is no value of that protocol; `value` is then unspecified.
bool parse_value(Protocol protocol, std::string_view text, base::Bytes& value);
/// Pre-condition: valid_value. Appends nothing for a protocol without value.
void append_value_text(Protocol protocol, base::ByteView value, std::string& out);

}  // namespace mexport::multiformats
