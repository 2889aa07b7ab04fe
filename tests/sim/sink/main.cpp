// SPDX-License-Identifier: MIT
#include "tests/sim/faults.hpp"
#include "tests/sim/sink/rig.hpp"
#include "tests/unit/export/temporary_directory.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace {

using mexport::sim::sink::Outcome;
using mexport::sim::sink::Plan;
using mexport::sim::sink::Rig;

bool check(std::uint64_t seed, bool verbose, const std::string& program) {
  const mexport::exporter::testing::TemporaryDirectory directory;
  Rig rig(seed, directory.path());
  const Outcome outcome = rig.run();
  if (verbose) {
    fmt::print(
        "seed {}: {}\n  {} bodies, sent {} times, {} arrived again, {} given up, {} starts\n", seed,
        Plan::of(seed).to_string(), outcome.bodies, outcome.publishings, outcome.duplicates,
        outcome.losses, outcome.processes);
  }
  return mexport::sim::report_faults(seed, outcome.faults.size(), outcome.faults, program);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::uint64_t count = 1;
  bool verbose = false;
  CLI::App app("Runs what the AMQP sink decides against a broker on virtual time.");
  app.add_option("--seed", seed, "The first seed");
  app.add_option("--count", count, "How many seeds, one after the other");
  app.add_flag("--verbose", verbose, "Say what each seed is and how it went");
  CLI11_PARSE(app, argc, argv);

  std::uint64_t bad = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!check(seed + i, verbose, argv[0])) ++bad;
  }
  fmt::print("{} seeds from {}: {} with faults\n", count, seed, bad);
  return bad == 0 ? 0 : 1;
}
