// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mexport::monitor {

/// Sums over a host's threads at one moment, for heartbeats and the status line.
struct HostStatistics {
  std::uint64_t connections_inbound = 0;
  std::uint64_t connections_outbound = 0;
  std::map<std::string, std::uint64_t> connections_by_transport;
  std::uint64_t handshakes_in_progress = 0;
  std::uint64_t messages_total = 0;
  std::uint64_t wantlist_entries_total = 0;
  double loop_latency_seconds = 0;  ///< the worst of the threads in the last minute or two
  /// Refusals, protocol errors and failures by name ("handshake_timeout", "message_bad_cid", …),
  /// since the start. The names are a closed set, listed in docs/limits.md.
  std::map<std::string, std::uint64_t> counters;
};

/// The seam between a network and all that records it: events, export and (later) API, metrics and
/// probe know a network only through this and through ObservationSink (design: one host seam).
/// Implemented by `node` over our own libp2p, and behind the C ABI for kubo.
class Host {
 public:
  virtual ~Host() = default;

  /// Thread-safe; may wait for the host's threads, some milliseconds at most.
  virtual HostStatistics statistics() = 0;
  /// The ids of the process's nodes, base58btc.
  virtual std::vector<std::string> peer_ids() const = 0;
  /// What they listen on and announce, multiaddr texts.
  virtual std::vector<std::string> listen_addrs() const = 0;
};

}  // namespace mexport::monitor
