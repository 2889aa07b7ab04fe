// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

namespace mexport::libp2p::yamux {

/// Why a session failed (fatal for the connection), or why a stream could not be opened.
enum class Error {
  wrong_version = 1,     ///< a frame of a version other than 0
  unknown_type,          ///< a frame type above 3
  wrong_parity,          ///< the peer opened a stream with an id of our parity, or with id 0
  stream_id_in_use,      ///< the peer opened a stream that is open
  window_overrun,        ///< the peer sent more than its window
  output_stuck,          ///< the peer asks for answers but does not read them
  rate_limited,          ///< the peer opens streams or sends frames without payload too fast
  keep_alive_lost,       ///< no answer to our ping
  session_closed,        ///< closed by either side: no streams can be opened
  too_many_unacked,      ///< too many streams wait for the peer's acknowledgement
  stream_ids_exhausted,  ///< all 2^31 ids of our parity are used
};

/// True for what the peer did against the protocol; the answer is go away 1.
bool is_protocol_error(std::error_code error);

const std::error_category& error_category();
std::error_code make_error_code(Error error);

}  // namespace mexport::libp2p::yamux

template <>
struct std::is_error_code_enum<mexport::libp2p::yamux::Error> : std::true_type {};
