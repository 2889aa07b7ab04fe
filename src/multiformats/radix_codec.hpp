// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <string_view>

namespace mexport::multiformats {

/// Base 58 (Bitcoin's alphabet) and base 36: the data read as one big number, each leading zero
/// byte as a leading zero digit. Cost grows with the square of the length: callers hold the limits.
void append_radix58(base::ByteView data, std::string& out);
void append_radix36(base::ByteView data, std::string& out);
/// False for a character outside the alphabet; `out` is then unspecified. Base 36 takes both cases.
bool decode_radix58(std::string_view text, base::Bytes& out);
bool decode_radix36(std::string_view text, base::Bytes& out);

}  // namespace mexport::multiformats
