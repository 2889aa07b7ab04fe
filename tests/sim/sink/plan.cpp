// SPDX-License-Identifier: MIT
#include "tests/sim/sink/plan.hpp"

#include "base/random.hpp"

#include <fmt/format.h>

namespace mexport::sim::sink {

using std::chrono::milliseconds;
using std::chrono::seconds;

Plan Plan::of(std::uint64_t seed) {
  base::SeededRandom random(seed * 2 + 1);
  const auto one_in = [&](std::uint64_t n) { return random.below(n) == 0; };
  Plan plan;
  auto& options = plan.delivery;
  options.window_bodies = one_in(3) ? 1 + random.below(4) : 256;
  options.window_bytes = one_in(4) ? 1000 : 16 << 20;
  if (one_in(3)) options.hold_live = seconds(1 + random.below(3));
  options.hold_outage = seconds(random.below(20));
  if (one_in(3)) options.hold_bytes = 500 + random.below(20'000);
  options.replay_rate = one_in(2) ? 20 : 200;
  plan.pauses.longest = milliseconds(500 + random.below(3000));
  plan.store_bytes = one_in(3) ? 20'000 : 100 << 20;
  plan.on_disk = one_in(8);
  plan.duration = seconds(20 + random.below(60));
  plan.slowest = milliseconds(one_in(2) ? 5 : random.below(700));
  plan.bodies_per_second = 5 + random.below(60);
  plan.faults_per_minute = random.below(60);
  plan.unbinds = one_in(2);
  plan.refuses = one_in(3);
  plan.disk_fails = one_in(4);
  return plan;
}

std::string Plan::to_string() const {
  return fmt::format(
      "{} s at {} bodies/s, {} faults/min, window {} bodies {} bytes, store of {} bytes {}, "
      "answers "
      "within {} ms{}{}{}",
      duration.count(), bodies_per_second, faults_per_minute, delivery.window_bodies,
      delivery.window_bytes, store_bytes, on_disk ? "on disk" : "in memory", 2 * slowest.count(),
      unbinds ? ", unbinds" : "", refuses ? ", refuses" : "", disk_fails ? ", disk fails" : "");
}

}  // namespace mexport::sim::sink
