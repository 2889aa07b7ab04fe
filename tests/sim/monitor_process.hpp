// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/pipeline_core.hpp"
#include "export/trace_stage.hpp"
#include "ipfs/bitswap/options.hpp"
#include "libp2p/admission.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/peer_directory.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/swarm.hpp"
#include "monitor/host.hpp"
#include "monitor/privacy.hpp"
#include "node/node_options.hpp"
#include "node/node_shard.hpp"
#include "node/sink_bracket.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/truth.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mexport::sim {

struct MonitorOptions {
  std::size_t shards = 1;
  std::chrono::nanoseconds shard_lag{0};
  libp2p::SwarmOptions swarm{};
  libp2p::AdmissionLimits admission{};
  ipfs::BitswapOptions bitswap{};
  exporter::PipelineOptions pipeline{};
  exporter::TraceOptions traces{};
  std::shared_ptr<const monitor::Privacy> privacy = std::make_shared<const monitor::Privacy>();
  std::vector<node::KnownPeer> keep{};
  std::shared_ptr<const ipfs::BlockSet> blocks{};  ///< what it has
  /// The export and the sink thread look after their work within so much.
  std::chrono::milliseconds longest_turn{50};
};

/// What a process of the monitor stands on; outlives it.
struct MonitorParts {
  Scheduler& scheduler;
  SimClock& clock;
  SimNetwork& network;
  exporter::Disk& disk;
  Truth& truth;
  const libp2p::PeerIdentity& identity;
};

/// One life of the monitor: what Node, Pipeline and TraceSink make of shards, threads and sockets,
/// here of virtual ones. The objects in between are those of the program.
class MonitorProcess final : public monitor::Host {
 public:
  MonitorProcess(MonitorParts parts, MonitorOptions options, std::uint64_t seed);
  ~MonitorProcess() override;

  /// False when the disk does not let it begin a trace.
  bool start(const std::vector<multiformats::Multiaddr>& addresses);
  /// As the program ends on a signal. Lets virtual time pass.
  void stop();
  /// Ends without a word; `power` tells whether the machine goes with it.
  void crash(bool power);

  /// Neither the export thread nor the sink's do anything before `until`.
  void hold_up(base::SteadyTime until) { held_until_ = std::max(held_until_, until); }

  /// Complains when something is left of connections; none may be open. `keeps` connections to
  /// peers that are gone may be being tried.
  void check_no_connections(std::size_t timers_before);
  /// Networks that it remembers for having been put off: a bounded table, an hour each.
  std::size_t refused_networks() const { return security_.refused->size(); }
  std::size_t armed_timers() const;
  /// After stop(): each fact is in the trace, or counted as lost.
  void check_accounts();

  monitor::HostStatistics statistics() override;
  bool ask(const monitor::Ask& ask, const std::shared_ptr<monitor::AskListener>& listener) override;
  std::vector<std::string> peer_ids() const override {
    return {parts_.identity.peer_id().to_string()};
  }
  std::vector<std::string> listen_addrs() const override { return listen_addrs_; }

 private:
  class Tap;
  class Sink;

  void fall_silent();
  void count_excluded();
  SimNetwork::Target next_target();
  void make_shards();
  void schedule_export();
  void schedule_sink();
  base::SteadyTime next_turn();
  bool swarms_stopped() const;
  void end_swarms();

  MonitorParts parts_;
  MonitorOptions options_;
  base::SeededRandom random_;
  libp2p::NodeSecurity security_;
  libp2p::PeerDirectory directory_;
  libp2p::Admission admission_;
  std::unique_ptr<node::LongMessages> long_messages_;
  libp2p::ConnectionIds connection_ids_;
  exporter::PipelineCore pipeline_;
  Sink* sink_ = nullptr;
  std::vector<std::shared_ptr<SimShard>> sim_shards_;
  std::vector<std::unique_ptr<Tap>> taps_;
  std::vector<std::unique_ptr<node::SinkBracket>> brackets_;
  std::vector<std::unique_ptr<node::NodeShard>> shards_;
  std::vector<std::string> listen_addrs_;
  std::size_t next_shard_ = 0;
  base::SteadyTime held_until_ = base::SteadyTime::min();
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace mexport::sim
