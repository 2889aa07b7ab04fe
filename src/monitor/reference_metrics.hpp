// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "metrics/family.hpp"
#include "monitor/host.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace mexport::monitor {

/// The reference's families about peers and streams, the gauges of its discovery probe, and kubo's
/// ipfs_p2p_peers_total, with their labels as its dashboards read them (docs/metrics.md).
class ReferenceMetrics {
 public:
  struct Options {
    std::chrono::seconds interval{10};  ///< values about peers are no older
    bool probe = false;                 ///< whether peers are asked
    std::size_t agent_versions = 20;    ///< those of most peers; the others are one series
    bool kubos_own = true;  ///< also what kubo serves by itself: connections by transport
  };
  /// The reference serves all protocols that peers name; peers choose these names. Those of most
  /// peers are served, the others are one series.
  static constexpr std::size_t kMaxProtocols = 1000;
  /// As many agent versions at most, whatever the options say.
  static constexpr std::size_t kMaxAgentVersions = 1000;

  /// `host` and `clock` outlive it.
  ReferenceMetrics(Options options, Host& host, const base::Clock& clock)
      : options_(options), host_(host), clock_(clock) {}

  /// One thread at a time.
  void collect(const HostStatistics& statistics, metrics::Families& families);

 private:
  const PeerCensus& census();

  Options options_;
  Host& host_;
  const base::Clock& clock_;
  std::optional<PeerCensus> census_;
  base::SteadyTime taken_;
};

}  // namespace mexport::monitor
