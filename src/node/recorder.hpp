// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/service.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/swarm.hpp"
#include "monitor/observation.hpp"
#include "wire/bitswap.hpp"

namespace mexport::node {

/// Turns what a swarm and its Bitswap service see into facts of the monitor: the only place where
/// the two chains of libraries meet. One per node and shard; lives on the shard.
class Recorder {
 public:
  /// `sink` belongs to the shard and outlives the recorder.
  explicit Recorder(monitor::ObservationSink& sink) : sink_(sink) {}

  void connected(libp2p::Connection& connection);
  void disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info);
  void identified(libp2p::Connection& connection, libp2p::IdentifyResult&& result);
  void message(libp2p::Connection& connection, wire::BitswapMessage&& message,
               const ipfs::BitswapMessageInfo& info);

 private:
  monitor::ObservationSink& sink_;
};

}  // namespace mexport::node
