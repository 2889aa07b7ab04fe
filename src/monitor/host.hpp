// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/asking.hpp"
#include "monitor/peer_view.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
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
  /// Open streams by protocol, inbound and outbound; what is not open stands as 0. With the bytes
  /// that they and earlier ones have carried.
  struct Streams {
    std::uint64_t inbound = 0;
    std::uint64_t outbound = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
  };
  std::map<std::string, Streams> streams_by_protocol;
  /// Of streams before their protocol was agreed on, and of protocols that are not counted.
  Streams other_streams;
  std::uint64_t live_wants = 0;      ///< wants of connected peers that stand
  std::uint64_t buffered_bytes = 0;  ///< what peers make it hold
  /// Entries of wantlists without cancels, by the sender's software: a closed set of names.
  std::map<std::string, std::uint64_t> wants_by_agent_family;
  /// Of each thread, the worst in the last minute or two.
  std::vector<double> loop_latency_by_thread;
  double loop_latency_seconds = 0;  ///< the worst of the threads in the last minute or two
  /// Refusals, protocol errors and failures by name ("handshake_timeout", "message_bad_cid", …),
  /// since the start. The names are a closed set, listed in docs/limits.md.
  std::map<std::string, std::uint64_t> counters;
};

/// What the connected peers are, counted. Each peer counts once, whatever its connections.
struct PeerCensus {
  /// As the reference names it.
  static constexpr std::string_view kNoAgent = "N/A";

  std::uint64_t peers = 0;
  /// What identify told, as it came; kNoAgent for peers that told nothing.
  std::map<std::string, std::uint64_t> agent_versions;
  std::map<std::string, std::uint64_t> protocols;
  /// Connections by what they go over: "/ip4/tcp".
  std::map<std::string, std::uint64_t> transports;
  std::uint64_t connections = 0;
  /// Peers that speak Bitswap, or have not told yet what they speak.
  std::uint64_t askable = 0;
  /// Distinct texts of one of the maps are no more than this; those that come later are left out.
  static constexpr std::size_t kMaxTexts = 65'536;
};

/// The seam between a network and all that records it: events, export and (later) API, metrics and
/// probe know a network only through this and through ObservationSink (design: one host seam).
/// Implemented by `node` over our own libp2p, and behind the C ABI for kubo.
class Host {
 public:
  virtual ~Host() = default;

  /// Thread-safe; may wait for the host's threads, some milliseconds at most.
  virtual HostStatistics statistics() = 0;
  /// Thread-safe; goes through all peers on the caller's thread (tens of milliseconds for 100,000)
  /// and holds up none of the host's.
  virtual PeerCensus census() { return {}; }
  /// Thread-safe; asks the host's threads in slices of half a millisecond and waits for them (some
  /// tenths of a second for 100,000 connections on busy threads). The peers are then gone through
  /// as slowly as the caller likes.
  virtual std::unique_ptr<PeerCursor> peers() { return std::make_unique<NoPeers>(); }
  /// Begins to ask, at the host's own pace. Thread-safe; goes through all peers as census() does.
  /// False, and the listener hears nothing, when the host asks nobody or is stopping.
  virtual bool ask(const Ask& /*ask*/, const std::shared_ptr<AskListener>& /*listener*/) {
    return false;
  }
  /// The ids of the process's nodes, base58btc.
  virtual std::vector<std::string> peer_ids() const = 0;
  /// What they listen on and announce, multiaddr texts.
  virtual std::vector<std::string> listen_addrs() const = 0;
};

}  // namespace mexport::monitor
