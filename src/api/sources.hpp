// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "export/export_metrics.hpp"
#include "export/peerstore/peerstore.hpp"
#include "monitor/host.hpp"
#include "monitor/peer_view.hpp"
#include "monitor/probe.hpp"
#include "monitor/run_info.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::api {

/// What the API shows and changes, asked for at each request, on the server's thread for answers.
struct Sources {
  const base::Clock& clock;
  std::function<monitor::RunInfo()> run_info;
  std::function<monitor::HostStatistics()> host;
  std::function<std::unique_ptr<monitor::PeerCursor>()> peers;
  monitor::Probe* probe = nullptr;                 ///< null: peers are not asked
  std::shared_ptr<exporter::Peerstore> peerstore;  ///< null: none is kept
  std::function<exporter::PipelineStatistics()> pipeline;
  std::function<exporter::NamedStatistics()> sinks;
  /// What Prometheus reads.
  std::function<std::string()> metrics;
  /// An empty component stands for all that have no level of their own.
  std::function<void(std::string_view component, base::LogLevel)> set_log_level;
  std::vector<std::string> log_components;  ///< those that there are
  std::vector<std::string> api_urls;
};

}  // namespace mexport::api
