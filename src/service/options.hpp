// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "export/amqp/amqp_sink.hpp"
#include "export/peerstore/peerstore.hpp"
#include "export/pipeline.hpp"
#include "export/trace_sink.hpp"
#include "monitor/privacy.hpp"
#include "monitor/probe.hpp"
#include "monitor/reference_metrics.hpp"

#include <optional>

namespace mexport::service {

/// The effective configuration as the modules' options.
exporter::Pipeline::Options pipeline_options(const config::Config& config);
/// `key` is there exactly when the configuration asks for keyed peer ids.
monitor::Privacy::Options privacy_options(const config::Config& config,
                                          const std::optional<monitor::PeerKey>& key);
/// Traces go to a folder of the monitor's name.
exporter::TraceSink::Options trace_options(const config::Config& config,
                                           const config::TraceSink& sink);
monitor::ReferenceMetrics::Options metrics_options(const config::Config& config);
monitor::ProbeLimits probe_limits(const config::Config& config);
exporter::Peerstore::Options peerstore_options(const config::Config& config,
                                               const monitor::PrivacyInfo& privacy);
exporter::amqp::AmqpOptions amqp_options(const std::string& monitor_name,
                                         const config::AmqpSink& sink);

}  // namespace mexport::service
