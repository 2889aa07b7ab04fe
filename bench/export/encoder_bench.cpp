// SPDX-License-Identifier: MIT
// What one Bitswap message costs on the export thread: merging, encoding, compressing.
// Run: build/release/export_bench
#include "export/event_encoder.hpp"
#include "export/gzip_writer.hpp"
#include "monitor/fact_merger.hpp"
#include "monitor/merged_lists.hpp"

#include <benchmark/benchmark.h>
#include <zlib.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace mexport;

base::Bytes cid_of(std::uint64_t n, bool version_0) {
  base::Bytes cid = version_0 ? base::Bytes{0x12, 0x20} : base::Bytes{0x01, 0x55, 0x12, 0x20};
  for (int i = 0; i < 32; ++i) {
    n = n * 6364136223846793005U + 1442695040888963407U;
    cid.push_back(static_cast<std::uint8_t>(n >> 56));
  }
  return cid;
}

/// With CIDs number `first` and those after it.
wire::BitswapMessage make_message(std::uint64_t entries, bool version_0 = false,
                                  std::uint64_t first = 0) {
  wire::BitswapMessage message;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const auto cid = cid_of(first + i, version_0);
    wire::WantlistEntry entry;
    entry.cid = {static_cast<std::uint32_t>(message.cids.size()),
                 static_cast<std::uint32_t>(cid.size())};
    entry.priority = 2147483647 - static_cast<std::int32_t>(i);
    entry.want_type = 1;
    entry.send_dont_have = true;
    base::append(message.cids, cid);
    message.wantlist.push_back(entry);
  }
  return message;
}

monitor::BitswapMessageReceived make_fact(std::uint64_t entries, bool version_0 = false,
                                          std::uint64_t first = 0) {
  auto connection = std::make_shared<monitor::ConnectionFacts>();
  connection->id = 4711;
  connection->peer_text = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";
  connection->remote = "/ip4/203.0.113.17/tcp/41234";
  monitor::BitswapMessageReceived fact;
  fact.connection = connection;
  fact.message = make_message(entries, version_0, first);
  fact.connected_addresses =
      std::make_shared<const monitor::AddressList>(monitor::AddressList{connection->remote});
  fact.agent_version = std::make_shared<const std::string>("kubo/0.43.0/desktop");
  fact.size = 250;
  return fact;
}

void report(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void merge(benchmark::State& state) {
  const auto message = make_message(static_cast<std::uint64_t>(state.range(0)));
  monitor::ListMerger merger(1);
  for (auto _ : state) benchmark::DoNotOptimize(&merger.merge(message));
  report(state, message.cids.size());
}
BENCHMARK(merge)->Arg(1)->Arg(5)->Arg(50)->Arg(100'000);

void encode(benchmark::State& state) {
  const monitor::Fact fact =
      make_fact(static_cast<std::uint64_t>(state.range(0)), state.range(1) == 0);
  exporter::EventEncoder encoder({});
  base::WallTime timestamp{std::chrono::seconds(1'795'379'313)};
  std::string out;
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    out.clear();
    timestamp += std::chrono::microseconds(20);
    encoder.encode(fact, timestamp, ++sequence, out);
    benchmark::DoNotOptimize(out.data());
  }
  report(state, out.size());
}
BENCHMARK(encode)->ArgNames({"entries", "cid"})->ArgsProduct({{1, 5, 50, 100'000}, {1, 0}});

/// What zlib makes of a text at level 6, in bytes.
std::size_t zlib_size(const std::string& text) {
  auto size = compressBound(text.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size,
            reinterpret_cast<const Bytef*>(text.data()), text.size(), 6);
  return size;
}

/// A body as it is published: a member of its own, of messages with five entries whose CIDs do not
/// repeat.
void compress(benchmark::State& state) {
  exporter::EventEncoder encoder({});
  std::string lines;
  for (std::uint64_t i = 0; lines.size() < (64U << 10); ++i) {
    encoder.encode(make_fact(5, false, 5 * i), base::WallTime(std::chrono::milliseconds(i)), i,
                   lines);
    lines.push_back('\n');
  }
  exporter::GzipWriter gzip;
  base::Bytes out;
  for (auto _ : state) {
    out.clear();
    gzip.begin(out);
    gzip.write(lines, out);
    base::append(out, gzip.flush(out));
    benchmark::DoNotOptimize(out.data());
  }
  report(state, lines.size());
  state.counters["ratio"] = static_cast<double>(lines.size()) / static_cast<double>(out.size());
  state.counters["zlib_6_ratio"] =
      static_cast<double>(lines.size()) / static_cast<double>(zlib_size(lines));
}
BENCHMARK(compress);

/// One thread plays writer and reader, so this is the cost of both ends together.
void queue(benchmark::State& state) {
  monitor::WakeUp wake_up;
  monitor::ObservationQueue queue({}, wake_up);
  monitor::FactMerger merger(std::chrono::milliseconds(0));
  merger.add(queue);
  const auto pattern = make_fact(5);
  const base::SteadyTime now{std::chrono::hours(1)};
  for (auto _ : state) {
    auto fact = pattern;
    queue.begin_batch(now);
    queue.submit(std::move(fact));
    queue.end_batch();
    auto* ready = merger.next(base::SteadyTime::max());
    benchmark::DoNotOptimize(ready->front());
    ready->pop();
  }
  report(state, 0);
}
BENCHMARK(queue);

}  // namespace

BENCHMARK_MAIN();
