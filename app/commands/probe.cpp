// SPDX-License-Identifier: MIT
#include "app/commands/probe.hpp"

#include "app/api_servers.hpp"
#include "app/config_sources.hpp"
#include "app/http_client.hpp"
#include "app/log_file.hpp"
#include "app/output.hpp"
#include "app/probe/refusal.hpp"
#include "app/probe/report.hpp"
#include "app/probe/request.hpp"
#include "app/terminal.hpp"
#include "config/api_token.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

namespace mexport::app {

namespace {

constexpr int kSignalled = 128;

/// nullopt: it has been said why. Empty: there is none; a node on loopback needs none.
std::optional<std::string> token_of(const config::Api& api,
                                    const std::optional<std::string>& token_file) {
  if (!token_file && !api.token.empty()) return api.token;
  const auto token = config::read_api_token(token_file.value_or(api.token_file));
  if (token && *token) return **token;
  if (!token_file) return std::string();
  complain("--token-file: " + (token ? *token_file + " is not there" : token.error().message));
  return std::nullopt;
}

/// Where the node is and what it is to do; nullopt: it has been said what is wrong.
std::optional<HttpCall> post_of(const ProbeOptions& options) {
  const auto cids = probe::cids_of(options);
  if (!cids) {
    complain(cids.error());
    return std::nullopt;
  }
  const auto effective = effective_config(options.config);
  if (!effective) {
    complain_all(effective.error());
    return std::nullopt;
  }
  const auto& monitor = effective->config.monitor;
  const auto token = token_of(monitor.api, options.token_file);
  if (!token) return std::nullopt;
  const auto servers = api_servers(effective->config);
  if (!servers) {
    complain(servers.error());
    return std::nullopt;
  }
  return HttpCall{.servers = *servers,
                  .target = "/api/v1/probe",
                  .body = probe::body_of(options, *cids),
                  .token = *token};
}

/// Writes what a node says: results to stdout, how far it is to stderr where that is a terminal.
class Display {
 public:
  explicit Display(const ProbeOptions& options)
      : report_(options.format, options.verbose), whole_(options.cancel_after) {}

  bool begin() { return out_.write(report_.head()) && out_.flush(); }

  bool on_line(std::string_view line) {
    const auto shown = report_.take(line);
    if (!shown) {
      understood_ = false;
      return false;
    }
    if (shown->empty()) return true;
    erase();
    return out_.write(*shown);
  }

  bool on_pause() {
    erase();
    if (!out_.flush() || !out_.wait_while_read(0)) return false;
    const auto passed = std::chrono::steady_clock::now() - begun_;
    draw(report_.progress(std::chrono::duration_cast<std::chrono::seconds>(passed), whole_));
    return true;
  }

  ExitCode finish() {
    erase();
    return out_.finish();
  }

  const std::optional<probe::Summary>& summary() const { return report_.summary(); }
  bool understood() const { return understood_; }

 private:
  void draw(std::string progress) {
    terminal_.set_status(std::move(progress));
    terminal_.draw();
    drawn_ = true;
  }
  void erase() {
    if (!std::exchange(drawn_, false)) return;
    terminal_.set_status("");
    terminal_.draw();
  }

  probe::Report report_;
  Output out_;
  Terminal terminal_{stderr_can_draw()};
  const std::chrono::seconds whole_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  bool drawn_ = false;
  bool understood_ = true;
};

/// What the answer's end means for who started the command.
int conclude(const HttpEnd& end, const Display& display, ExitCode written) {
  if (end.kind == HttpEnd::Kind::interrupted) {
    complain("interrupted: what has not been sent will not be, and CANCELs that are owed are sent");
    return kSignalled + end.signal;
  }
  if (end.kind == HttpEnd::Kind::left && display.understood()) return written;  // `| head`
  const auto& summary = display.summary();
  if (end.kind == HttpEnd::Kind::complete && summary && !summary->stopped) return written;
  complain(probe::explain(end, summary));
  return kFailure;
}

}  // namespace

int probe_peers(const ProbeOptions& options) {
  const auto post = post_of(options);
  if (!post) return kUsage;
  Display display(options);
  if (!display.begin()) return display.finish();
  const HttpListener listener{
      .on_line = [&](std::string_view line) { return display.on_line(line); },
      .on_pause = [&] { return display.on_pause(); }};
  const auto end = call_lines(*post, listener);
  const auto written = display.finish();
  if (options.format == ReportFormat::csv && display.summary()) {
    write_all(STDERR_FILENO, probe::words_of(*display.summary()));
  }
  return conclude(end, display, written);
}

}  // namespace mexport::app
