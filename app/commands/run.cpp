// SPDX-License-Identifier: MIT
#include "app/commands/run.hpp"

#include "app/config_sources.hpp"
#include "app/demo.hpp"
#include "app/logging.hpp"
#include "app/notices.hpp"
#include "app/output.hpp"
#include "app/run.hpp"
#include "app/signals.hpp"
#include "app/spare_memory.hpp"
#include "app/status.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mexport::app {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kStatusLineInterval{1};
constexpr seconds kStatusLogInterval{60};

std::expected<config::Prepared, config::Failures> prepare(const RunOptions& options) {
  const auto sources =
      sources_of(options.demo_peers ? demo_options(options.config) : options.config);
  if (!sources) return std::unexpected(sources.error());
  auto prepared = config::prepare(*sources);
  if (prepared && options.demo_peers) isolate(prepared->config, options.config.peers.size());
  return prepared;
}

void announce(const Run& run) {
  std::string lines;
  for (const auto& address : run.listen_addresses()) lines += "listening on " + address + "\n";
  for (const auto& url : run.api_urls()) lines += "api on " + url + "\n";
  print(lines + "ready\n");
}

/// Shows how the run goes until a signal ends it.
void watch(Run& run, Logging& logging, Signals& signals) {
  const auto log = logging.logger("status");
  const auto interval = logging.has_status_line() ? kStatusLineInterval : kStatusLogInterval;
  StatusMeter meter(steady_clock::now());
  SpareMemory memory;
  auto look_at_memory = steady_clock::now() + SpareMemory::kInterval;
  for (auto next = steady_clock::now() + interval;;) {
    const auto signal = signals.wait_until(std::min(next, look_at_memory));
    const bool hung_up = logging.has_status_line() && !stderr_can_draw();
    if (signal == Signal::stop || (signal == Signal::reopen && hung_up)) return;
    if (signal == Signal::reopen) {
      logging.reopen();
      log.info("new log and trace files are begun");
      run.reopen();
      continue;
    }
    if (steady_clock::now() >= look_at_memory) {
      memory.look();
      look_at_memory += SpareMemory::kInterval;
    }
    if (steady_clock::now() < next) continue;
    next += interval;
    auto line = meter.line(run.totals(), steady_clock::now());
    if (logging.has_status_line()) {
      logging.show_status(std::move(line));
    } else {
      log.info("{}", line);
    }
  }
}

void stop(Run& run, Logging& logging, Signals& signals) {
  signals.let_next_end_process();
  if (logging.has_status_line()) logging.show_status("");
  const auto log = logging.logger("mexport");
  log.info("stopping; a second signal ends at once");
  run.stop();
  log.info("{}", summary(run.totals()));
  log.info("counted: {}", counters_text(run.counters()));
}

}  // namespace

int run(const RunOptions& options) {
  limit_spare_memory();
  Signals signals;
  const auto prepared = prepare(options);
  if (!prepared) {
    complain_all(prepared.error());
    return kUsage;
  }
  const auto logging = Logging::create(
      {.levels = options.log_levels, .file = options.log_file, .status_line = stderr_can_draw()});
  if (!logging) {
    complain(logging.error());
    return kUsage;
  }
  const auto log = (*logging)->logger("mexport");
  log_notices(prepared->notices, log);
  if (options.demo_peers) log.info("demo: no bootstrap peers, and by default loopback alone");

  const auto set_log_level = [&](std::string_view component, base::LogLevel level) {
    (*logging)->set_level(component, level);
  };
  const auto started = Run::start({.config = prepared->config,
                                   .demo_peers = options.demo_peers,
                                   .peer_key = prepared->peer_key,
                                   .api_token = prepared->api_token,
                                   .set_log_level = set_log_level},
                                  log);
  if (!started) {
    complain(started.error());
    return kUsage;
  }
  announce(**started);
  watch(**started, **logging, signals);
  stop(**started, **logging, signals);
  return kSuccess;
}

}  // namespace mexport::app
