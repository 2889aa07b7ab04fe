// SPDX-License-Identifier: MIT
#include "tests/sim/plan.hpp"

#include "base/random.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mexport::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// True in so many of a hundred.
bool chance(base::Random& random, std::uint64_t percent) {
  return random.below(100) < percent;
}

void choose_size(Plan& plan, base::Random& random) {
  const auto draw = random.below(100);
  if (draw < 72) {
    plan.peers = 1 + random.below(12);
    plan.duration = seconds(60 + random.below(300));
  } else if (draw < 96) {
    plan.peers = 15 + random.below(40);
    plan.duration = seconds(60 + random.below(120));
  } else {
    plan.peers = 150 + random.below(200);
    plan.duration = seconds(40 + random.below(30));
  }
  plan.mean_pause = milliseconds(20 + 12 * plan.peers + random.below(500));
  plan.listening_peers = chance(random, 40) ? random.below(plan.peers / 2 + 1) : 0;
  plan.intruders = chance(random, 40) ? 1 + random.below(10) : 0;
  plan.identities = chance(random, 20) ? 1 + plan.peers / 3 : plan.peers;
  plan.big_messages = chance(random, 40) ? static_cast<std::uint32_t>(random.below(30)) : 0;
}

void choose_faults(Plan& plan, base::Random& random) {
  plan.fragmented = chance(random, 50) ? static_cast<std::uint32_t>(random.below(1000)) : 0;
  plan.slow = chance(random, 40) ? static_cast<std::uint32_t>(random.below(400)) : 0;
  if (chance(random, 40)) plan.dial_faults = {100, 50};
  const auto mean = [&](std::uint64_t percent, seconds least, std::uint64_t more) {
    return chance(random, percent) ? milliseconds(least + seconds(random.below(more)))
                                   : milliseconds(0);
  };
  plan.mean_link_fault = mean(70, seconds(1), 20);
  plan.mean_disk_fault = mean(35, seconds(5), 60);
  plan.mean_clock_step = mean(40, seconds(5), 60);
  plan.mean_hold_up = mean(30, seconds(5), 40);
  plan.crashes = chance(random, 15) ? 1 + static_cast<std::uint32_t>(random.below(2)) : 0;
  plan.restarts = chance(random, 15) ? 1 : 0;
}

void choose_monitor(MonitorOptions& monitor, base::Random& random) {
  monitor.shards = 1 + random.below(3);
  monitor.shard_lag = chance(random, 50) ? milliseconds(random.below(20)) : milliseconds(0);
  monitor.longest_turn = milliseconds(20 + random.below(80));
  monitor.swarm.agent_version = "mexport/sim";
  if (chance(random, 20)) monitor.admission.connections = 4 + random.below(20);
  if (chance(random, 20)) monitor.swarm.max_handshakes = 2 + random.below(4);
  if (chance(random, 10)) monitor.swarm.yamux.max_inbound_streams = 8;
  monitor.bitswap.answer = !chance(random, 20);
  monitor.pipeline.heartbeat_interval = seconds(5 + random.below(60));
  if (chance(random, 25)) monitor.pipeline.queue.facts = 1 + random.below(30);
  if (chance(random, 15)) monitor.pipeline.queue.bytes = 4'000 + random.below(1 << 20);
  monitor.traces.directory = "/traces";
  monitor.traces.rotate_interval = seconds(chance(random, 50) ? 3'600 : 10 + random.below(60));
  if (chance(random, 30)) monitor.traces.rotate_bytes = 2'000 + random.below(100'000);
  if (chance(random, 30)) monitor.traces.queue_bytes = 20'000 + random.below(1 << 20);
}

void choose_people(Plan& plan, base::Random& random) {
  if (chance(random, 60)) {
    plan.tls_first = static_cast<std::uint32_t>(random.below(600));
    plan.tls_only = static_cast<std::uint32_t>(random.below(400));
  }
  if (chance(random, 50)) {
    plan.monitor.swarm.security.prefer = libp2p::SecurityPreference::offered;
  }
  if (chance(random, 40)) plan.ip6 = static_cast<std::uint32_t>(random.below(1001));
  if (chance(random, 25)) {
    plan.peers_per_host = 2 + random.below(6);
    plan.monitor.admission.per_address = 1 + random.below(plan.peers_per_host);
  }
  if (chance(random, 40)) {
    plan.privacy.addresses =
        random.below(2) == 0 ? monitor::AddressDetail::prefix : monitor::AddressDetail::none;
  }
  plan.privacy.keyed = chance(random, 30);
  if (chance(random, 30)) plan.privacy.excluded_identities = 1 + random.below(plan.identities);
  plan.privacy.excluded_subnets = chance(random, 20);
  if (chance(random, 25)) plan.monitor.traces.retention.max_bytes = 5'000 + random.below(200'000);
}

/// Of a seed of their own, so that what was chosen before stays.
void choose_probes(Plan& plan, std::uint64_t seed) {
  base::SeededRandom random(seed ^ 0xa5cULL);
  if (chance(random, 40)) plan.mean_probe = milliseconds(500 + random.below(20'000));
}

/// Likewise.
void choose_blocks(Plan& plan, std::uint64_t seed) {
  base::SeededRandom random(seed ^ 0xb10cULL);
  plan.serves = chance(random, 40);
  if (chance(random, 50)) {
    plan.monitor.bitswap.serve_rate = 10'000 + static_cast<std::uint32_t>(random.below(500'000));
  }
}

}  // namespace

Plan Plan::of(std::uint64_t seed) {
  base::SeededRandom random(seed);
  Plan plan;
  choose_size(plan, random);
  choose_faults(plan, random);
  choose_monitor(plan.monitor, random);
  choose_people(plan, random);
  choose_probes(plan, seed);
  choose_blocks(plan, seed);
  return plan;
}

std::string Plan::to_string() const {
  const bool offered = monitor.swarm.security.prefer == libp2p::SecurityPreference::offered;
  return fmt::format(
      "{} peers ({} listen, {} identities, {} intruders), {} s, {} shards, a message each {} ms; "
      "links: {} fragmented, {} slow of 1000, a fault each {} ms; disk fault each {} ms, clock "
      "step each {} ms, hold-up each {} ms, a probe each {} ms; {} blocks; {} crashes, {} "
      "restarts; of 1000 "
      "{} offer TLS first, "
      "{} alone ({}), {} have IPv6; {} a host, "
      "{} each; addresses {}, {} ids, excluded {} ids and {} subnets; traces up to {}",
      peers, listening_peers, identities, intruders, duration.count(), monitor.shards,
      mean_pause.count(), fragmented, slow, mean_link_fault.count(), mean_disk_fault.count(),
      mean_clock_step.count(), mean_hold_up.count(), mean_probe.count(),
      serves ? "with" : "without", crashes, restarts, tls_first, tls_only,
      offered ? "as offered" : "Noise preferred", ip6, peers_per_host,
      monitor.admission.per_address, monitor::to_string(privacy.addresses),
      privacy.keyed ? "keyed" : "full", privacy.excluded_identities,
      privacy.excluded_subnets ? "some" : "no", monitor.traces.retention.max_bytes.value_or(0));
}

}  // namespace mexport::sim
