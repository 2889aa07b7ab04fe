// SPDX-License-Identifier: MIT
#pragma once

#include "export/pipeline.hpp"
#include "export/sink.hpp"
#include "metrics/family.hpp"

#include <string>
#include <utility>
#include <vector>

namespace mexport::exporter {

/// A sink's name and how it stands.
using NamedStatistics = std::vector<std::pair<std::string, SinkStatistics>>;

/// Our own families about the way of events out (docs/metrics.md), and the reference's two about
/// what goes to RabbitMQ: their sums over the sinks that send to a server, no series without one.
void collect_export(const PipelineStatistics& pipeline, const NamedStatistics& sinks,
                    metrics::Families& families);

}  // namespace mexport::exporter
