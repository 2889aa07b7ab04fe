// SPDX-License-Identifier: MIT
#pragma once

#include "ipfs/bitswap/service.hpp"
#include "libp2p/connection.hpp"
#include "libp2p/swarm.hpp"
#include "monitor/capture.hpp"
#include "node/intake.hpp"
#include "wire/bitswap.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace mexport::node {

/// Turns what a swarm and its Bitswap service see into facts of the monitor: the only place where
/// the two chains of libraries meet. One per node and shard; lives on the shard.
class Recorder {
 public:
  /// `runtime` is the shard; `sink` belongs to it, `long_messages` to the node. All outlive the
  /// recorder.
  Recorder(base::Runtime& runtime, std::shared_ptr<const monitor::Privacy> privacy,
           monitor::ObservationSink& sink, LongMessages& long_messages)
      : capture_(std::move(privacy), sink), intake_(runtime, sink, long_messages) {}

  void connected(libp2p::Connection& connection);
  void disconnected(libp2p::Connection& connection, const libp2p::CloseInfo& info);
  void identified(libp2p::Connection& connection, libp2p::IdentifyResult&& result);
  void message(libp2p::Connection& connection, wire::BitswapMessage&& message,
               const ipfs::BitswapMessageInfo& info, std::vector<std::uint64_t>&& answered);
  void sent(libp2p::Connection& connection, monitor::BitswapSent&& fact);
  /// As BitswapEvents.
  void long_message(libp2p::Connection& connection, std::size_t before, std::size_t now) {
    intake_.long_message(connection, before, now);
  }

  /// Readable from any thread.
  const monitor::CaptureCounters& counters() const { return capture_.counters(); }
  const IntakeCounters& intake_counters() const { return intake_.counters(); }

 private:
  monitor::Capture capture_;
  Intake intake_;
};

}  // namespace mexport::node
