// SPDX-License-Identifier: MIT
#pragma once

#include "api/server_counters.hpp"
#include "base/clock.hpp"
#include "export/peerstore/peerstore.hpp"
#include "export/pipeline.hpp"
#include "metrics/registry.hpp"
#include "monitor/reference_metrics.hpp"

#include "service/watched_host.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace mexport::service {

/// Whether the process itself is told of too (memory, descriptors, version): in a process that is
/// not ours, it does so.
enum class Scope : std::uint8_t { monitor, process };

/// All metrics of a monitor, asked of its parts at each scrape. Thread-safe.
class Metrics {
 public:
  /// What is given outlives it; the pipeline has been started. `peerstore` and `api` may be null.
  Metrics(monitor::ReferenceMetrics::Options options, WatchedHost& host,
          const exporter::Pipeline& pipeline, std::shared_ptr<exporter::Peerstore> peerstore,
          const api::ServerCounters* api, const base::Clock& clock, Scope scope);
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  std::string text() const { return registry_.text(); }

 private:
  monitor::ReferenceMetrics reference_;
  metrics::Registry registry_;
};

}  // namespace mexport::service
