// SPDX-License-Identifier: MIT
#pragma once

#include "api/api.hpp"
#include "api/event_feed.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::api::testing {

class TestClock final : public base::Clock {
 public:
  base::SteadyTime now() const override { return steady; }
  base::WallTime wall_now() const override { return wall; }
  void advance(std::chrono::milliseconds by) {
    steady += by;
    wall += by;
  }

  base::SteadyTime steady{std::chrono::hours(1)};
  base::WallTime wall{std::chrono::seconds(1'767'323'045)};  // 2026-01-02T03:04:05Z
};

inline constexpr const char* kToken = "0123456789abcdef";

/// Goes through a list, a few at a time.
class ListedPeers final : public monitor::PeerCursor {
 public:
  explicit ListedPeers(const std::vector<monitor::PeerView>& peers) : peers_(peers) {}

  bool next(std::vector<monitor::PeerView>& piece) override {
    piece.clear();
    if (at_ == peers_.size()) return false;
    for (int i = 0; i < 3 && at_ < peers_.size(); ++i) piece.push_back(peers_[at_++]);
    return true;
  }
  std::size_t connections() const override { return peers_.size(); }

 private:
  const std::vector<monitor::PeerView>& peers_;
  std::size_t at_ = 0;
};

/// An API over values that a test sets.
struct TestApi {
  TestApi() = default;
  explicit TestApi(monitor::Probe* asks) : probe(asks) {}

  monitor::Probe* probe = nullptr;
  TestClock clock;
  monitor::RunInfo run{.version = "0.1.0",
                       .run_id = "cafe",
                       .configuration_hash = {},
                       .monitor_name = "mon",
                       .peer_ids = {"12D3KooWPeer"},
                       .listen_addrs = {"/ip4/127.0.0.1/tcp/4001"},
                       .started_at = clock.wall,
                       .clock = {}};
  monitor::HostStatistics host;
  std::vector<monitor::PeerView> peers;
  exporter::PipelineStatistics pipeline;
  exporter::NamedStatistics sinks;
  std::vector<std::pair<std::string, base::LogLevel>> levels;
  EventFeed feed;
  Api api{kToken, sources(), feed};

  Response get(std::string path, std::string query = {}) {
    return api.answer({.method = "GET",
                       .path = std::move(path),
                       .query = std::move(query),
                       .host = "localhost:8432",
                       .loopback = true});
  }
  Response post(std::string path, std::string body) {
    return api.answer({.method = "POST",
                       .path = std::move(path),
                       .host = "localhost:8432",
                       .body = std::move(body),
                       .loopback = true});
  }

 private:
  Sources sources() {
    return {
        .clock = clock,
        .run_info = [this] { return run; },
        .host = [this] { return host; },
        .peers = [this] { return std::make_unique<ListedPeers>(peers); },
        .probe = probe,
        .peerstore = nullptr,
        .pipeline = [this] { return pipeline; },
        .sinks = [this] { return sinks; },
        .metrics = [] { return std::string("up 1\n"); },
        .set_log_level = [this](std::string_view component,
                                base::LogLevel level) { levels.emplace_back(component, level); },
        .log_components = {"node", "api"},
        .api_urls = {"http://127.0.0.1:8432"}};
  }
};

}  // namespace mexport::api::testing
