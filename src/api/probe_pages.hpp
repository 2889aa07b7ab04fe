// SPDX-License-Identifier: MIT
#pragma once

#include "api/router.hpp"
#include "monitor/probe.hpp"

namespace mexport::api {

/// Adds `/api/v1/probe`: GET tells of the requests that run and of the last ones, POST asks and
/// answers line by line while peers do. `probe` outlives the router; null: 404 for both.
void add_probe_methods(Router& router, monitor::Probe* probe);

/// The answer to a request that is refused, as text; with its status.
struct ProbeRefusal {
  unsigned status;
  std::string text;
};
ProbeRefusal explain(monitor::Probe::Refusal refusal, const monitor::ProbeLimits& limits);

}  // namespace mexport::api
