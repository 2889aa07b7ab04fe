// SPDX-License-Identifier: MIT
#include "libp2p/close_info.hpp"

#include "libp2p/error_codes.hpp"

#include <array>

namespace mexport::libp2p {

std::string_view to_string(CloseReason reason) {
  static constexpr std::array<std::string_view, kCloseReasons> kNames{
      "eof",          "reset",       "go_away",        "local",
      "keep_alive",   "io_error",    "decrypt_failed", "protocol_violation",
      "output_stuck", "rate_limited"};
  return kNames[static_cast<std::size_t>(reason)];
}

CloseCode close_code(std::uint32_t code) {
  // Named in the order of their numbers.
  constexpr auto kFirst = static_cast<std::uint32_t>(ConnectionCode::protocol_negotiation_failed);
  constexpr auto kLast = static_cast<std::uint32_t>(ConnectionCode::gated);
  constexpr auto kYamux = static_cast<std::uint32_t>(CloseCode::yamux_internal_error);
  if (code <= kYamux) return static_cast<CloseCode>(code);
  if (code < kFirst || code > kLast) return CloseCode::other;
  return static_cast<CloseCode>(code - kFirst + kYamux + 1);
}

std::string_view to_string(CloseCode code) {
  static constexpr std::array<std::string_view, kCloseCodes> kNames{"none",
                                                                    "yamux_protocol_error",
                                                                    "yamux_internal_error",
                                                                    "protocol_negotiation_failed",
                                                                    "resource_limit_exceeded",
                                                                    "rate_limited",
                                                                    "protocol_violation",
                                                                    "supplanted",
                                                                    "garbage_collected",
                                                                    "shutdown",
                                                                    "gated",
                                                                    "other"};
  return kNames[static_cast<std::size_t>(code)];
}

}  // namespace mexport::libp2p
