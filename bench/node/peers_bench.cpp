// SPDX-License-Identifier: MIT
// What it costs to show all connected peers, without sockets: the walk through the directory and
// the text of sample_peer_metadata.
// Run: build/release/node_bench
#include "export/peer_metadata.hpp"
#include "node/listed_peers.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

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
      ids.push_back(multiformats::PeerId::from_sha256(digest));
      handles.push_back(
          directory.open(ids.back(), i, "/ip4/192.0.2.1/tcp/" + std::to_string(i % 65536)));
      handles.back().set_agent_version("kubo/0.30." + std::to_string(i % 50));
      handles.back().set_protocols(protocols);
      ConnectionDetail detail;
      detail.id = i;
      details.push_back(detail);
    }
  }

  libp2p::PeerDirectory directory;
  std::vector<multiformats::PeerId> ids;
  std::vector<libp2p::PeerDirectory::Handle> handles;
  std::vector<ConnectionDetail> details;
};

/// A peer store in a file that goes with it, which knows of the connected peers and as many others.
class StoredPeers {
 public:
  explicit StoredPeers(const ManyPeers& peers) {
    std::vector<exporter::PeerSighting> sightings;
    const auto add = [&](std::string peer) {
      sightings.push_back({.peer = std::move(peer),
                           .agent_version = R"("kubo/0.43.0/")",
                           .protocols = '[' + std::string(300, '1') + ']',
                           .addresses = '[' + std::string(200, '1') + ']',
                           .latency_ns = 1});
      if (sightings.size() < 1000) return;
      if (!store->update(sightings, {})) std::abort();
      sightings.clear();
    };
    for (const auto& peer : peers.ids) {
      const auto id = peer.to_string();
      add(id);
      add(id + "x");
    }
  }
  ~StoredPeers() {
    store.reset();
    std::filesystem::remove(path_);
  }
  StoredPeers(const StoredPeers&) = delete;
  StoredPeers& operator=(const StoredPeers&) = delete;

 private:
  const std::string path_ = std::filesystem::temp_directory_path() /
                            ("peers-bench-" + std::to_string(::getpid()) + ".sqlite");

 public:
  std::shared_ptr<exporter::Peerstore> store = std::make_shared<exporter::Peerstore>(
      exporter::Peerstore::Options{.path = path_}, base::Logger());
};

/// Time of one answer. With a store: who is connected, and as many who are not.
void sample_peer_metadata(benchmark::State& state) {
  const ManyPeers peers(static_cast<std::size_t>(state.range(0)));
  const auto privacy = std::make_shared<const monitor::Privacy>();
  std::optional<StoredPeers> stored;
  if (state.range(1) != 0) stored.emplace(peers);
  std::string text;
  for (auto _ : state) {
    exporter::PeerMetadata metadata(
        std::make_unique<ListedPeers>(peers.directory, privacy, peers.details), {},
        stored ? stored->store : nullptr, {.own = {}, .known = true});
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
BENCHMARK(sample_peer_metadata)
    ->ArgNames({"connected", "store"})
    ->Args({1000, 0})
    ->Args({100'000, 0})
    ->Args({100'000, 1})
    ->Unit(benchmark::kMillisecond);

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
