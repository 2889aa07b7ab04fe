// SPDX-License-Identifier: MIT
// What it costs to show all connected peers: the walk through the directory and the text of
// sample_peer_metadata, alone and to a client of the HTTP server.
// Run: build/release/node_bench
#include "api/api.hpp"
#include "api/server.hpp"
#include "export/peer_metadata.hpp"

#include "many_peers.hpp"
#include <benchmark/benchmark.h>
#include <boost/asio.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>

namespace mexport::node {
namespace {

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

/// GETs a path, reads to the end: bytes of the answer with its header.
std::size_t get(std::uint16_t port, const std::string& path) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), port});
  const auto request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request));
  std::array<char, 64 << 10> buffer{};
  std::size_t total = 0;
  for (boost::system::error_code error; !error;) {
    total += socket.read_some(asio::buffer(buffer), error);
  }
  return total;
}

/// With a store, by the server, until a client on this machine has the last byte: who is connected,
/// or as many others too.
void sample_peer_metadata_by_http(benchmark::State& state) {
  const ManyPeers peers(static_cast<std::size_t>(state.range(0)));
  const StoredPeers stored(peers);
  const auto privacy = std::make_shared<const monitor::Privacy>();
  base::SystemClock clock;
  api::EventFeed feed;
  api::Sources sources{
      .clock = clock,
      .run_info = [] { return monitor::RunInfo{}; },
      .host = {},
      .peers =
          [&] { return std::make_unique<ListedPeers>(peers.directory, privacy, peers.details); },
      .peerstore = stored.store,
      .pipeline = {},
      .sinks = {},
      .metrics = {},
      .set_log_level = {},
      .log_components = {},
      .api_urls = {}};
  api::Api api("unused", std::move(sources), feed);
  auto server = api::Server::bind({.listen = {{.host = "127.0.0.1"}}}, clock, base::Logger());
  if (!server) std::abort();
  (*server)->start(api);
  const auto url = (*server)->urls().front();
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  const std::string path = state.range(1) != 0 ? "/metric_plugin/v1/sample_peer_metadata"
                                               : "/metric_plugin/v1/sample_peer_metadata"
                                                 "?only_connected=true";
  std::size_t bytes = 0;
  for (auto _ : state) bytes = get(port, path);
  state.counters["bytes"] = static_cast<double>(bytes);
  (*server)->stop(std::chrono::milliseconds(100));
}
BENCHMARK(sample_peer_metadata_by_http)
    ->ArgNames({"connected", "others"})
    ->Args({100'000, 0})
    ->Args({100'000, 1})
    ->UseRealTime()
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
