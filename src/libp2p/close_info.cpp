// SPDX-License-Identifier: MIT
#include "libp2p/close_info.hpp"

#include <array>

namespace mexport::libp2p {

std::string_view to_string(CloseReason reason) {
  static constexpr std::array<std::string_view, kCloseReasons> kNames{
      "eof",          "reset",       "go_away",        "local",
      "keep_alive",   "io_error",    "decrypt_failed", "protocol_violation",
      "output_stuck", "rate_limited"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace mexport::libp2p
