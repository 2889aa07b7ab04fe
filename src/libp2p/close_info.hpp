// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mexport::libp2p {

/// Who ended a connection: we, the peer in an orderly way, or an error of the peer or the network.
enum class ClosedBy : std::uint8_t { local, remote, error };

/// Why a connection ended. A closed set, for metrics and events.
enum class CloseReason : std::uint8_t {
  eof,                 ///< the peer closed the transport
  reset,               ///< the peer reset the transport, which is how Go closes
  go_away,             ///< the peer said why (CloseInfo::code)
  local,               ///< we closed (CloseInfo::code)
  keep_alive,          ///< no answer to a ping
  io_error,            ///< the network failed otherwise
  decrypt_failed,      ///< a wrong tag
  protocol_violation,  ///< against the muxer's rules
  output_stuck,        ///< the peer does not read what we have to say
  rate_limited,        ///< frames without payload came too fast (CloseInfo::code)
};
inline constexpr std::size_t kCloseReasons = 10;

/// The enumerator's name; static storage.
std::string_view to_string(CloseReason reason);

/// The codes that say why a connection is closed, yamux's and libp2p's (error_codes.hpp). A closed
/// set, as peers may send any number.
enum class CloseCode : std::uint8_t {
  none,
  yamux_protocol_error,
  yamux_internal_error,
  protocol_negotiation_failed,
  resource_limit_exceeded,
  rate_limited,
  protocol_violation,
  supplanted,
  garbage_collected,
  shutdown,
  gated,
  other,
};
inline constexpr std::size_t kCloseCodes = 12;

CloseCode close_code(std::uint32_t code);
/// The enumerator's name; static storage.
std::string_view to_string(CloseCode code);

struct CloseInfo {
  ClosedBy by = ClosedBy::error;
  CloseReason reason = CloseReason::io_error;
  /// The libp2p connection code that was sent or received; nullopt when there was none.
  std::optional<std::uint32_t> code{};
  /// Connections of the node that are still open to the peer, over all shards.
  std::size_t peer_connections = 0;

  std::string_view reason_text() const { return to_string(reason); }
};

}  // namespace mexport::libp2p
