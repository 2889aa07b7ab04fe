// SPDX-License-Identifier: MIT
#include "app/commands/run.hpp"

#include "app/config_sources.hpp"
#include "app/demo.hpp"
#include "app/held_blocks.hpp"
#include "app/logging.hpp"
#include "app/output.hpp"
#include "app/run.hpp"
#include "app/service_manager.hpp"
#include "app/signals.hpp"
#include "app/spare_memory.hpp"
#include "app/status.hpp"
#include "app/terminal.hpp"

#include "service/notices.hpp"
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

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

/// Something to be done again and again beside a run.
struct Chore {
  steady_clock::duration interval;
  std::function<void()> work;
  steady_clock::time_point next = steady_clock::now() + interval;

  void do_if_due() {
    if (steady_clock::now() < next) return;
    next += interval;
    work();
  }
};

/// Without one to tell it does nothing.
void tell(const ServiceManager& manager, const Logging& logging, std::string_view lines) {
  if (const auto told = manager.tell(lines); !told) {
    logging.logger("mexport").warn("the service manager at {} cannot be told \"{}\": {}",
                                   manager.socket(), lines, told.error().message());
  }
}

/// The service manager ends a process that does not say in time that it is alive.
void feed_watchdog(Run& run, const ServiceManager& manager, const Logging& logging) {
  if (run.alive()) return tell(manager, logging, "WATCHDOG=1");
  logging.logger("mexport").error(
      "a thread stands still: the service manager is not told that we are alive");
}

void show_status(Run& run, const ServiceManager& manager, Logging& logging, StatusMeter& meter) {
  auto line = meter.line(run.totals(), steady_clock::now());
  tell(manager, logging, "STATUS=" + line);
  if (logging.has_status_line()) {
    logging.show_status(std::move(line));
  } else {
    logging.logger("status").info("{}", line);
  }
}

/// Shows how the run goes until a signal ends it.
void watch(Run& run, const ServiceManager& manager, Logging& logging, Signals& signals) {
  StatusMeter meter(steady_clock::now());
  SpareMemory memory;
  std::vector chores{
      Chore{logging.has_status_line() ? kStatusLineInterval : kStatusLogInterval,
            [&] { show_status(run, manager, logging, meter); }},
      Chore{SpareMemory::kInterval, [&] { memory.look(); }},
      Chore{HeldBlocks::kInterval, [&] { run.look_at_blocks(); }},
  };
  if (const auto watchdog = manager.watchdog()) {
    chores.push_back({*watchdog / 3, [&] { feed_watchdog(run, manager, logging); }});
  }
  for (;;) {
    const auto signal = signals.wait_until(std::ranges::min(chores, {}, &Chore::next).next);
    const bool hung_up = logging.has_status_line() && !stderr_can_draw();
    if (signal == Signal::stop || (signal == Signal::reopen && hung_up)) return;
    if (signal == Signal::reopen) {
      logging.reopen();
      logging.logger("status").info("new log and trace files are begun");
      run.reopen();
    }
    for (auto& chore : chores) chore.do_if_due();
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
  service::log_notices(prepared->notices, log);
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
  const auto manager = ServiceManager::from_environment();
  tell(manager, **logging, "READY=1");
  watch(**started, manager, **logging, signals);
  tell(manager, **logging, "STOPPING=1");
  stop(**started, **logging, signals);
  return kSuccess;
}

}  // namespace mexport::app
