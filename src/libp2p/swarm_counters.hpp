// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "libp2p/admission.hpp"
#include "libp2p/close_info.hpp"
#include "libp2p/security_policy.hpp"
#include "libp2p/upgrade_options.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mexport::libp2p {

/// Protocols whose open streams are counted each; a node has about ten.
inline constexpr std::size_t kCountedProtocols = 32;

/// What a swarm counts. Written on its shard, read from anywhere.
struct SwarmCounters {
  base::Counter connections_inbound;  ///< open now, as the next three
  base::Counter connections_outbound;
  base::Counter handshakes;
  base::Counter streams_inbound;
  /// With an agreed protocol, by Direction and ProtocolTable::tag(); those of higher tags are not
  /// counted.
  std::array<std::array<base::Counter, kCountedProtocols>, 2> streams;
  /// What streams have carried, received and sent, by the same; 0: no protocol was agreed on yet.
  std::array<std::array<base::Counter, kCountedProtocols>, 2> stream_bytes;

  base::Counter accepted;   ///< raw connections taken in
  base::Counter connected;  ///< connections made, both directions
  std::array<base::Counter, kUpgradeFailures> handshake_failed_inbound;
  std::array<base::Counter, kUpgradeFailures> handshake_failed_outbound;
  std::array<base::Counter, kCloseReasons> closed;
  std::array<base::Counter, kCloseCodes> close_codes_received;
  std::array<base::Counter, kCloseCodes> close_codes_sent;
  std::array<base::Counter, kSecurityProtocols> secured;  ///< handshakes done, by protocol
  /// On the sockets of connections that were made.
  std::array<base::Counter, kSecurityProtocols> bytes_in;
  std::array<base::Counter, kSecurityProtocols> bytes_out;
  std::array<base::Counter, kSecurityProtocols> security_failed;  ///< begun, but failed or left
  base::Counter security_put_off;  ///< peers that proposed TLS and were asked for Noise

  base::Counter refused_filtered;  ///< from an address that is filtered
  /// By AdmissionRefusal.
  std::array<base::Counter, kAdmissionRefusals> refused;
  base::Counter streams_refused;  ///< beyond the limit per connection
  base::Counter streams_refused_per_protocol;
  /// Connections that went because of what they, or all together, held.
  base::Counter closed_for_bytes;
  base::Counter closed_for_bytes_total;
  base::Counter closed_for_streams;
  base::Counter stream_negotiation_failed;
  base::Counter stream_negotiation_timeout;

  base::Counter dials;  ///< addresses tried
  base::Counter dials_failed;
  base::Counter dials_failed_locally;  ///< of these: no descriptor or memory here
  base::Counter dials_backed_off;      ///< not tried because of an earlier failure
  base::Counter dials_without_room;    ///< the node has as many connections as it may
  base::Counter dials_forbidden;       ///< addresses that the rules forbid

  base::Counter identify_completed;
  base::Counter identify_failed;
  base::Counter identify_answered;
  base::Counter identify_push_received;
  base::Counter identify_push_sent;
  base::Counter identify_bad_push;      ///< pushes that do not decode or come too slowly
  base::Counter identify_push_refused;  ///< beyond the rate of one connection
  base::Counter ping_answered;
  base::Counter ping_refused;  ///< streams beyond the limit, or idle

  /// All but the gauges, by name ("handshake_failed_inbound_timeout", …), zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

}  // namespace mexport::libp2p
