// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace mexport::libp2p {

/// Why a connection was closed, as carried in a yamux go away or a QUIC CONNECTION_CLOSE
/// (specs: error-codes; go-libp2p: core/network/conn.go). Other values may arrive from peers.
enum class ConnectionCode : std::uint32_t {
  none = 0,
  protocol_negotiation_failed = 0x1000,
  resource_limit_exceeded = 0x1001,
  rate_limited = 0x1002,
  protocol_violation = 0x1003,
  supplanted = 0x1004,
  garbage_collected = 0x1005,
  shutdown = 0x1006,
  gated = 0x1007,
};

/// Why a stream was reset (go-libp2p: core/network/mux.go). The numbers are not the connection's.
enum class StreamCode : std::uint32_t {
  none = 0,
  protocol_negotiation_failed = 0x1001,
  resource_limit_exceeded = 0x1002,
  rate_limited = 0x1003,
  protocol_violation = 0x1004,
  supplanted = 0x1005,
  garbage_collected = 0x1006,
  shutdown = 0x1007,
  gated = 0x1008,
};

}  // namespace mexport::libp2p
