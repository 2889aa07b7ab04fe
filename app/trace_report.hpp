// SPDX-License-Identifier: MIT
#pragma once

#include "export/trace_stat.hpp"
#include "export/trace_verify.hpp"

#include <string>

namespace mexport::app {

/// For people: a line per number, then the agents.
std::string statistics_text(const exporter::TraceStatistics& statistics);
/// One JSON object and a newline; docs/commands.md describes it.
std::string statistics_json(const exporter::TraceStatistics& statistics);

/// The problems, the sequences and a verdict.
std::string verify_text(const exporter::VerifyReport& report);

}  // namespace mexport::app
