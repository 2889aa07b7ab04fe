// SPDX-License-Identifier: MIT
#include "app/commands/health.hpp"

#include "app/api_servers.hpp"
#include "app/config_sources.hpp"
#include "app/http_client.hpp"
#include "app/output.hpp"
#include "app/printable.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

namespace mexport::app {

namespace {

constexpr int kSignalled = 128;
constexpr std::chrono::seconds kPatience{3};

/// Why it is not well; for all ends but `complete` and `interrupted`.
std::string explain(const HttpEnd& end) {
  if (end.kind == HttpEnd::Kind::unreachable) return "no node answers: " + end.text;
  if (end.kind == HttpEnd::Kind::refused) {
    const auto line = std::string_view(end.text).substr(0, end.text.find('\n'));
    return fmt::format("{} answers {}: {}", end.server, end.status, printable(line));
  }
  return fmt::format("{} gives no answer: {}", end.server, end.text);
}

}  // namespace

int health(const HealthOptions& options) {
  const auto effective = effective_config(options.config);
  if (!effective) {
    complain_all(effective.error());
    return kUsage;
  }
  const auto servers = api_servers(effective->config);
  if (!servers) {
    complain(servers.error());
    return kUsage;
  }
  const HttpCall call{.servers = *servers, .target = "/readyz", .body = {}, .token = {}};
  const HttpListener listener{.on_line = [](std::string_view) { return true; },
                              .on_pause = [] { return true; }};
  const auto end = call_lines(call, listener, {.connect = kPatience, .idle = kPatience});
  if (end.kind == HttpEnd::Kind::interrupted) return kSignalled + end.signal;
  if (end.kind == HttpEnd::Kind::complete) return print(end.server + ": ready\n");
  complain(explain(end));
  return kFailure;
}

}  // namespace mexport::app
