// SPDX-License-Identifier: MIT
// What the spool moves: bodies are appended, read and passed, as in an outage that ends.
// Run: TMPDIR=<a directory on the disk in question> build/release/spool_bench
#include "export/spool/spool.hpp"
#include "tests/unit/export/temporary_directory.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace mexport;

constexpr std::size_t kBodySize = 12000;  // 64 KiB of JSON, compressed
constexpr std::uint64_t kBodies = 4096;   // 47 MiB wait before they are read
constexpr const char* kKey = "monitor.m.bitswap_messages";

exporter::SpooledBody make_body() {
  exporter::SpooledBody body;
  body.routing_key = kKey;
  body.run_id = "0123456789abcdef0123456789abcdef";
  body.events = 100;
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < kBodySize; ++i) {
    body.body.push_back(static_cast<std::uint8_t>(random()));
  }
  return body;
}

void drain(exporter::Spool& spool, std::size_t at_once) {
  std::int64_t after = 0;
  for (;;) {
    const auto bodies = spool.oldest(kKey, after, at_once, std::size_t{1} << 30);
    if (!bodies || bodies->empty()) return;
    after = bodies->back().id;
    if (!spool.pass(kKey, {.id = after, .run_id = "", .last = 0})) return;
  }
}

/// range(0): bodies in one transaction; range(1): whether it survives a loss of power.
void spool_append_read_pass(benchmark::State& state) {
  const exporter::testing::TemporaryDirectory directory;
  const auto opened = exporter::Spool::open(directory.path() + "/spool",
                                            {.survive_power_loss = state.range(1) != 0});
  if (!opened) {
    state.SkipWithError("cannot open the spool");
    return;
  }
  auto& spool = **opened;
  const auto at_once = static_cast<std::size_t>(state.range(0));
  std::vector<exporter::SpooledBody> bodies(at_once, make_body());
  for (auto _ : state) {
    for (std::uint64_t n = 0; n < kBodies; n += at_once) {
      if (!spool.append(bodies)) state.SkipWithError("cannot append");
    }
    drain(spool, at_once);
  }
  if (spool.statistics().batches != 0) state.SkipWithError("bodies are left");
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(kBodies * kBodySize));
}

}  // namespace

BENCHMARK(spool_append_read_pass)
    ->ArgNames({"at_once", "power_loss"})
    ->ArgsProduct({{1, 16, 64}, {0, 1}})
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
