// SPDX-License-Identifier: MIT
#pragma once

#include "base/counter.hpp"
#include "monitor/observation.hpp"
#include "monitor/privacy.hpp"
#include "multiformats/multiaddr.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::monitor {

/// A connection as a host has it.
struct ConnectionSeen {
  std::uint64_t id = 0;
  std::uint32_t node = 0;
  multiformats::PeerId peer;
  const multiformats::Multiaddr& remote;  ///< without /p2p
  const multiformats::Multiaddr& local;
  std::string_view transport;  ///< static storage
  std::string_view security;   ///< static storage
  Direction direction = Direction::inbound;
  base::SteadyTime opened_at;
};

/// What is kept with a connection for the record: what Privacy made of it, once.
class CapturedConnection {
 public:
  /// False when it is excluded.
  bool recorded() const { return facts_ != nullptr; }
  /// What of its messages waits for the reader; nullptr when it is excluded.
  const WaitingBytes* waiting() const { return facts_ ? &facts_->waiting : nullptr; }

 private:
  friend class Capture;
  /// The list of addresses that was shown last, and what it was made of.
  struct Addresses {
    AddressListPtr seen;
    AddressListPtr shown;
  };

  ConnectionFactsPtr facts_;
  std::unique_ptr<Addresses> addresses_;  ///< null where addresses are shown as they are
};

/// What was seen and not recorded. Written on the host's thread, read from anywhere.
struct CaptureCounters {
  base::Counter excluded_connections;
  base::Counter excluded_messages;
  base::Counter excluded_identifies;

  /// By name, zeros included.
  std::vector<std::pair<std::string, std::uint64_t>> list() const;
};

/// The only way of what a host sees into the record: makes facts that hold what Privacy allows, and
/// none of what is excluded. Excluded or not is decided once per connection, and so is how it is
/// shown; a message costs a comparison more. One per host thread.
class Capture {
 public:
  /// `privacy` is not null; `sink` outlives it.
  Capture(std::shared_ptr<const Privacy> privacy, ObservationSink& sink)
      : privacy_(std::move(privacy)), sink_(sink) {}

  CapturedConnection connected(const ConnectionSeen& seen, std::uint32_t peer_connections);
  // Of the facts that follow, `connection` is filled in here.
  void disconnected(const CapturedConnection& connection, Disconnected&& fact);
  void identified(const CapturedConnection& connection, PeerIdentified&& fact);
  void message(CapturedConnection& connection, BitswapMessageReceived&& fact);
  void sent(const CapturedConnection& connection, BitswapSent&& fact);

  const CaptureCounters& counters() const { return counters_; }

 private:
  const AddressListPtr& shown(CapturedConnection::Addresses& addresses, AddressListPtr&& seen);

  std::shared_ptr<const Privacy> privacy_;
  ObservationSink& sink_;
  CaptureCounters counters_;
};

}  // namespace mexport::monitor
