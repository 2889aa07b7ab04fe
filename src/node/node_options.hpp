// SPDX-License-Identifier: MIT
#pragma once

#include "base/rate_limit.hpp"
#include "ipfs/bitswap/options.hpp"
#include "libp2p/address_rules.hpp"
#include "libp2p/admission.hpp"
#include "libp2p/byte_budget.hpp"
#include "libp2p/security_policy.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/upgrade_options.hpp"
#include "libp2p/yamux/session.hpp"
#include "multiformats/ip_range.hpp"
#include "multiformats/multiaddr.hpp"
#include "multiformats/peer_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mexport::node {

/// A peer and where it may be found.
struct KnownPeer {
  multiformats::PeerId id;
  std::vector<multiformats::Multiaddr> addresses;
};

/// What a peer, or all of them together, may make a node hold (docs/limits.md). 0: no limit.
struct NodeLimits {
  libp2p::AdmissionLimits admission;  ///< connections, over all shards
  std::size_t max_handshakes = 512;   ///< in progress, inbound
  std::uint32_t max_streams_per_connection = 1024;
  std::size_t max_streams = 250'000;  ///< inbound, over all connections
  libp2p::ByteLimits bytes;           ///< held for peers
  libp2p::UpgradeOptions handshake;
  std::chrono::milliseconds dial_timeout{5'000};
  std::size_t max_dials = 160;  ///< under way, over all peers
  std::chrono::milliseconds stream_negotiation_timeout{10'000};
  std::chrono::milliseconds identify_timeout{10'000};
  base::Rate identify_pushes = libp2p::SwarmOptions().identify_pushes;
  libp2p::yamux::Options yamux;  ///< but for its max_inbound_streams
  ipfs::BitswapOptions bitswap;  ///< but for its answer
};

/// How connected peers are asked (Host::ask()); rates and numbers are those of the whole node.
struct ProbeOptions {
  bool enabled = false;
  std::uint32_t peers_per_second = 5'000;
  std::size_t peers_at_once = 8'192;  ///< whose message is not out
};

struct NodeOptions {
  std::uint32_t index =
      0;  ///< among the nodes of the process; stands in events when there are several
  std::string agent_version;
  std::vector<multiformats::Multiaddr> listen;
  libp2p::AnnounceOptions announce;
  libp2p::NetworkKind network = libp2p::NetworkKind::automatic;
  std::vector<multiformats::IpRange> address_filters;
  /// Connections to these are kept, with back-off: bootstrap, peering, --peer.
  std::vector<KnownPeer> keep;
  NodeLimits limits;
  libp2p::SecurityPreference security = libp2p::SecurityPreference::noise;
  bool answer_dont_have = true;
  ProbeOptions probe;
};

}  // namespace mexport::node
