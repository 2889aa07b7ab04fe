// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mexport::libp2p {

/// Why a raw connection did not become a connection. A closed set, for metrics and logs.
enum class UpgradeFailure : std::uint8_t {
  closed,                ///< the peer went away in between
  first_bytes_timeout,   ///< nothing came within UpgradeOptions::first_bytes
  timeout,               ///< not done within UpgradeOptions::total
  security_negotiation,  ///< garbage, or no common security protocol
  handshake,             ///< a message that is malformed or does not authenticate
  bad_identity,          ///< a bad key or signature in the handshake
  peer_mismatch,         ///< another peer than the one that was dialled
  dialled_self,          ///< the peer has our own id, or the socket is connected to itself
  muxer_negotiation,     ///< garbage, or no common muxer
  supplanted,            ///< too many handshakes: the oldest gives way
  stopped,               ///< the swarm stops
};
inline constexpr std::size_t kUpgradeFailures = 11;

/// The enumerator's name; static storage.
std::string_view to_string(UpgradeFailure failure);

struct UpgradeOptions {
  std::chrono::milliseconds first_bytes{10'000};
  std::chrono::milliseconds total{15'000};
};

}  // namespace mexport::libp2p
