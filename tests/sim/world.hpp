// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "libp2p/peer_identity.hpp"
#include "node/node_options.hpp"
#include "tests/sim/accounting.hpp"
#include "tests/sim/held.hpp"
#include "tests/sim/intruder.hpp"
#include "tests/sim/monitor_process.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/openssl_random.hpp"
#include "tests/sim/peer.hpp"
#include "tests/sim/plan.hpp"
#include "tests/sim/probe_check.hpp"
#include "tests/sim/scheduler.hpp"
#include "tests/sim/shard.hpp"
#include "tests/sim/truth.hpp"
#include "tests/sim/world_disk.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mexport::sim {

/// What came out of a seed.
struct Outcome {
  std::vector<std::string> faults{};
  std::uint64_t fault_count = 0;
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_heard = 0;
  std::uint64_t connections = 0;
  std::uint64_t asked = 0;  ///< peers, by all requests of the probe
};

/// A monitor, its peers, and all that happens between them, from one seed.
class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// From the start of the monitor until all that happened has been checked. Once.
  Outcome run();

 private:
  Discretion choose_discretion() const;
  bool is_ip6(std::size_t peer) const;
  std::string ip_of(std::size_t peer) const;
  std::uint64_t identity_number(std::size_t peer) const;
  bool excluded(std::size_t peer) const;
  PeerOptions options_of(std::size_t peer);
  void make_peers();
  bool start_monitor();
  void measure();
  void invite();
  void calm_down();
  void check_quiet();
  void check_retained();
  void stop_monitor();
  void crash();
  void restart();
  void come_back();
  /// Again and again until the peers have left, after `mean` on average.
  void often(std::chrono::milliseconds mean, void (World::*what)());
  void fault_link();
  void fault_disk();
  void step_clock();
  void hold_up();
  void probe();
  LinkQuality quality(base::Random& random) const;
  std::chrono::nanoseconds somewhen(std::chrono::nanoseconds within);

  const std::uint64_t seed_;
  const Plan plan_;
  OpenSslRandom openssl_;
  base::SeededRandom random_;
  base::SeededRandom probe_random_;
  Scheduler scheduler_;
  SimClock clock_{scheduler_};
  SimNetwork network_;
  WorldDisk disk_;
  Truth truth_;
  const Held held_;
  libp2p::PeerIdentity identity_;
  node::KnownPeer monitor_;
  std::vector<std::shared_ptr<SimShard>> shards_;  // the peers'
  std::vector<std::unique_ptr<SimPeer>> peers_;
  std::vector<std::unique_ptr<Intruder>> intruders_;
  std::vector<node::KnownPeer> kept_;
  std::vector<std::shared_ptr<ProbeCheck>> probes_;
  std::unique_ptr<MonitorProcess> process_;
  base::SteadyTime until_;  // when all have left
  Footprint base_;
  std::size_t base_timers_ = 0;
  bool busy_ = true;
};

}  // namespace mexport::sim
