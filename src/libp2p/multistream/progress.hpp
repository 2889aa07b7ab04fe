// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mexport::libp2p::multistream {

/// What one call of receive() achieved.
struct Progress {
  /// Bytes taken from the input: all of it, unless a protocol was agreed on; then the rest belongs
  /// to that protocol.
  std::size_t consumed = 0;
  /// The protocol agreed on; the view is valid until the negotiator or the input ends.
  std::optional<std::string_view> protocol;
};

}  // namespace mexport::libp2p::multistream
