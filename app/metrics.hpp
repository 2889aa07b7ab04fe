// SPDX-License-Identifier: MIT
#pragma once

#include "api/server_counters.hpp"
#include "app/watched_host.hpp"
#include "base/clock.hpp"
#include "export/peerstore/peerstore.hpp"
#include "export/pipeline.hpp"
#include "metrics/registry.hpp"
#include "monitor/reference_metrics.hpp"

#include <memory>
#include <string>

namespace mexport::app {

/// All metrics of a process, asked of its parts at each scrape. Thread-safe.
class Metrics {
 public:
  /// What is given outlives it; the pipeline has been started. `peerstore` and `api` may be null.
  Metrics(monitor::ReferenceMetrics::Options options, WatchedHost& host,
          const exporter::Pipeline& pipeline, std::shared_ptr<exporter::Peerstore> peerstore,
          const api::ServerCounters* api, const base::Clock& clock);
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  std::string text() const { return registry_.text(); }

 private:
  monitor::ReferenceMetrics reference_;
  metrics::Registry registry_;
};

}  // namespace mexport::app
