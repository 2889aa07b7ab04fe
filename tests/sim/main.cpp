// SPDX-License-Identifier: MIT
#include "tests/sim/faults.hpp"
#include "tests/sim/plan.hpp"
#include "tests/sim/world.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace {

using mexport::sim::Outcome;

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t count = 1;
  bool repeat = false;
  bool verbose = false;
};

Outcome run(std::uint64_t seed) {
  mexport::sim::World world(seed);
  return world.run();
}

void tell(std::uint64_t seed, const Outcome& outcome, std::chrono::duration<double> taken) {
  fmt::print(
      "seed {}: {}\n  {} messages sent, {} heard, {} connection events, {} peers asked, {} events, "
      "{:.2f} s, "
      "fingerprint {:016x}\n",
      seed, mexport::sim::Plan::of(seed).to_string(), outcome.messages_sent, outcome.messages_heard,
      outcome.connections, outcome.asked, outcome.events, taken.count(), outcome.fingerprint);
}

bool check(std::uint64_t seed, const Options& options, const std::string& program) {
  const auto begin = std::chrono::steady_clock::now();
  auto outcome = run(seed);
  if (options.verbose) tell(seed, outcome, std::chrono::steady_clock::now() - begin);
  if (options.repeat && run(seed).fingerprint != outcome.fingerprint) {
    outcome.faults.emplace_back("a second run of this seed went another way");
    ++outcome.fault_count;
  }
  return mexport::sim::report_faults(seed, outcome.fault_count, outcome.faults, program);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Runs a monitor and its peers on a virtual clock, network and disk.");
  app.add_option("--seed", options.seed, "The first seed");
  app.add_option("--count", options.count, "How many seeds, one after the other");
  app.add_flag("--repeat", options.repeat, "Run each twice, which must go the same way");
  app.add_flag("--verbose", options.verbose, "Say what each seed is and how it went");
  CLI11_PARSE(app, argc, argv);

  std::uint64_t bad = 0;
  for (std::uint64_t i = 0; i < options.count; ++i) {
    if (!check(options.seed + i, options, argv[0])) ++bad;
  }
  fmt::print("{} seeds from {}: {} with faults\n", options.count, options.seed, bad);
  return bad == 0 ? 0 : 1;
}
