// SPDX-License-Identifier: MIT
// What it costs to show all connected peers, without sockets: the walk through the directory and
// the text of sample_peer_metadata.
// Run: build/release/node_bench
#include "export/peer_metadata.hpp"
#include "node/listed_peers.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

namespace mexport::node {
namespace {

class ManyPeers {
 public:
  explicit ManyPeers(std::size_t count) {
    const auto protocols = std::make_shared<const std::vector<std::string>>(12, "/ipfs/bitswap");
    for (std::size_t i = 0; i < count; ++i) {
      base::Bytes digest(32);
      for (std::size_t byte = 0; byte < 4; ++byte) {
        digest[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
      }
      handles.push_back(directory.open(multiformats::PeerId::from_sha256(digest), i,
                                       "/ip4/192.0.2.1/tcp/" + std::to_string(i % 65536)));
      handles.back().set_agent_version("kubo/0.30." + std::to_string(i % 50));
      handles.back().set_protocols(protocols);
      ConnectionDetail detail;
      detail.id = i;
      details.push_back(detail);
    }
  }

  libp2p::PeerDirectory directory;
  std::vector<libp2p::PeerDirectory::Handle> handles;
  std::vector<ConnectionDetail> details;
};

/// Time of one answer, and the longest that connecting peers may wait for the copying of a part.
void sample_peer_metadata(benchmark::State& state) {
  const ManyPeers peers(static_cast<std::size_t>(state.range(0)));
  const auto privacy = std::make_shared<const monitor::Privacy>();
  std::string text;
  for (auto _ : state) {
    exporter::PeerMetadata metadata(
        std::make_unique<ListedPeers>(peers.directory, privacy, peers.details), {}, {});
    bool more = true;
    std::size_t total = 0;
    std::size_t largest = 0;
    while (more) {
      text.clear();
      more = metadata.next(text);
      total += text.size();
      largest = std::max(largest, text.size());
    }
    state.counters["bytes"] = static_cast<double>(total);
    state.counters["largest_piece"] = static_cast<double>(largest);
  }
}
BENCHMARK(sample_peer_metadata)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void longest_part(benchmark::State& state) {
  const ManyPeers peers(100'000);
  std::chrono::nanoseconds longest{0};
  for (auto _ : state) {
    for (std::size_t i = 0; i < libp2p::PeerDirectory::kParts; ++i) {
      const auto began = std::chrono::steady_clock::now();
      benchmark::DoNotOptimize(peers.directory.part(i));
      longest =
          std::max(longest, std::chrono::nanoseconds(std::chrono::steady_clock::now() - began));
    }
  }
  state.counters["longest_ns"] = static_cast<double>(longest.count());
}
BENCHMARK(longest_part)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mexport::node
