// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <system_error>

namespace mexport::libp2p::noise {

/// What ends a handshake or a channel, beside the errors of `crypto` (decryption_failed,
/// low_order_point).
enum class Error : std::uint8_t {
  frame_too_large = 1,  ///< a handshake frame above kMaxHandshakeFrame
  frame_too_small,      ///< a frame without room for what it must hold
  bad_payload,          ///< the handshake payload is not the protobuf it should be
  bad_identity,         ///< the payload's identity key is malformed or of no use
  bad_signature,        ///< the identity key has not signed the static key
  peer_mismatch,        ///< another peer than the expected one
};

const std::error_category& error_category();
std::error_code make_error_code(Error error);

}  // namespace mexport::libp2p::noise

template <>
struct std::is_error_code_enum<mexport::libp2p::noise::Error> : std::true_type {};
