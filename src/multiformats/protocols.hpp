// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/multiaddr.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mexport::multiformats {

/// How a protocol's value stands in a multiaddr.
struct ProtocolInfo {
  static constexpr std::size_t kVariable = ~std::size_t{0};

  Protocol protocol{};
  std::string_view name;
  std::size_t size = 0;       ///< bytes of the value; 0 for none, kVariable with a length before it
  bool ends_address = false;  ///< a path: its text takes all that follows, slashes included

  bool variable() const { return size == kVariable; }
  bool has_value() const { return size != 0; }
};

/// Null for a code or name that is none of Protocol. "ipfs" is p2p.
const ProtocolInfo* find_protocol(std::uint64_t code);
const ProtocolInfo* find_protocol(std::string_view name);

}  // namespace mexport::multiformats
