// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

namespace mexport::libp2p {

/// Why a Stream refused what its user asked for.
enum class StreamError {
  closed = 1,          ///< closed for writing, reset, or gone with its connection
  write_buffer_full,   ///< more than kMaxStreamWriteBuffer would wait for the peer
  negotiation_failed,  ///< ended before both sides had agreed on a protocol
};

const std::error_category& stream_category();
std::error_code make_error_code(StreamError error);

}  // namespace mexport::libp2p

template <>
struct std::is_error_code_enum<mexport::libp2p::StreamError> : std::true_type {};
