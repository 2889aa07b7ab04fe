// SPDX-License-Identifier: MIT
#include "api/own_api.hpp"

#include "api/json_object.hpp"
#include "api/log_level_request.hpp"

namespace mexport::api {
namespace {

constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

Response json(std::string text) {
  Response response{.content_type = std::string(kJson), .body = std::move(text)};
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response set_log_level(const Sources& sources, const Request& request) {
  const auto wanted = parse_log_level_request(request.body, sources.log_components);
  if (!wanted) return json_error(400, wanted.error());
  sources.set_log_level(wanted->component, wanted->level);
  std::string text;
  {
    JsonObject object(text);
    object.add("component", wanted->component);
    object.add("level", to_string(wanted->level));
  }
  return json(text + "\n");
}

void add_metrics(Router& router, const Sources& sources, std::string_view path) {
  router.add({.method = "GET",
              .path = std::string(path),
              .handler = [&sources](const Request&) -> Response {
                return {.content_type = kMetricsType, .body = sources.metrics()};
              }});
}

void add_text(Router& router, std::string_view path, std::string_view text) {
  router.add(
      {.method = "GET", .path = std::string(path), .handler = [text](const Request&) -> Response {
         return {.body = std::string(text)};
       }});
}

}  // namespace

void add_own_methods(Router& router, const Sources& sources, StatusPage& status) {
  add_text(router, "/healthz", "ok\n");
  add_text(router, "/readyz", "ready\n");
  add_metrics(router, sources, "/metrics");
  add_metrics(router, sources, "/debug/metrics/prometheus");
  router.add({.method = "GET",
              .path = "/api/v1/openapi.json",
              .guard = Guard::local,
              .handler = [](const Request&) { return json(std::string(openapi_document())); }});
  router.add({.method = "GET",
              .path = "/api/v1/status",
              .guard = Guard::local,
              .handler = [&status](const Request&) { return json(status.json()); }});
  router.add(
      {.method = "POST",
       .path = "/api/v1/log-level",
       .guard = Guard::token,
       .max_body = kMaxLogLevelBody,
       .handler = [&sources](const Request& request) { return set_log_level(sources, request); }});
}

}  // namespace mexport::api
