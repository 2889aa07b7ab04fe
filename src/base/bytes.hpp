// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::base {

using Bytes = std::vector<std::uint8_t>;
/// A view is valid as long as what it was taken from; callbacks say when that ends.
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
inline Bytes to_bytes(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

/// Lower-case hex without separators.
std::string to_hex(ByteView bytes);
/// False when `hex` has an odd length or another character; `out` is then unspecified.
bool from_hex(std::string_view hex, Bytes& out);

}  // namespace mexport::base
