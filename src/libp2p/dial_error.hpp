// SPDX-License-Identifier: MIT
#pragma once

#include <system_error>

namespace mexport::libp2p {

/// Why there is no connection to a peer.
enum class DialError {
  self = 1,      ///< the peer is ourselves
  no_address,    ///< no address that a transport can dial
  forbidden,     ///< all addresses are forbidden by the rules
  backed_off,    ///< it failed a short time ago
  too_many,      ///< too many dials wait already
  no_room,       ///< the node has as many connections as it may
  timeout,       ///< the network did not answer in time
  refused,       ///< the network refused all addresses
  not_upgraded,  ///< reached, but no handshake succeeded
  wrong_peer,    ///< reached, but somebody else is there
  local,         ///< this machine has no descriptors or memory left
  stopped,       ///< the swarm stops
};

const std::error_category& dial_category();
std::error_code make_error_code(DialError error);

}  // namespace mexport::libp2p

template <>
struct std::is_error_code_enum<mexport::libp2p::DialError> : std::true_type {};
