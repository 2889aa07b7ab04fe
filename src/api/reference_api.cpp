// SPDX-License-Identifier: MIT
#include "api/reference_api.hpp"

#include "export/json_writer.hpp"

#include <fmt/format.h>

namespace mexport::api {
namespace {

constexpr std::string_view kIndex =
    "Methods:\n"
    "GET  {0}/ping no-op\n"
    "POST {0}/broadcast_want broadcasts a Bitswap WANT message for a given list of CIDs\n"
    "POST {0}/broadcast_cancel broadcasts a Bitswap CANCEL message for a given list of CIDs\n"
    "POST {0}/broadcast_want_cancel broadcasts a Bitswap WANT message for a given list of CIDs, "
    "followed by a CANCEL message after a given amount of time\n"
    "GET  {0}/sample_peer_metadata returns information about peers from the peerstore, and "
    "connection state. The query parameter only_connected (bool) specifies whether to skip "
    "unconnected peers\n";

constexpr std::string_view kLandingPage = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>mexport</title></head><body>
<h1>mexport</h1>
<ul>
<li><a href="/api/v1/status">status</a></li>
<li><a href="/api/v1/peers">peers</a></li>
<li><a href="/api/v1/events">events</a>, as they come</li>
<li><a href="/metrics">metrics</a></li>
<li><a href="/healthz">healthz</a>, <a href="/readyz">readyz</a></li>
<li><a href="/api/v1/openapi.json">this API</a>, as OpenAPI</li>
<li><a href="/metric_plugin/v1">/metric_plugin/v1</a></li>
</ul>
</body></html>
)";

std::string path_of(std::string_view method) {
  return fmt::format("{}/{}", kReferenceBase, method);
}

/// A browser asks for HTML; scripts get what the reference says.
Response landing(const Request& request) {
  if (request.accept.find("text/html") == std::string::npos) {
    return {.body = fmt::format("check out {}\n", kReferenceBase)};
  }
  Response page{.content_type = std::string(kHtml), .body = std::string(kLandingPage)};
  page.headers.emplace_back("Vary", "Accept");
  return page;
}

}  // namespace

Response envelope(std::string_view result) {
  return {.body = fmt::format("{{\"status\":200,\"result\":{}}}\n", result)};
}

Response envelope_error(unsigned status, std::string_view error) {
  Response response{.status = status, .body = fmt::format(R"({{"status":{},"error":)", status)};
  exporter::append_json_string(response.body, error);
  response.body += "}\n";
  return response;
}

bool answers_in_envelope(std::string_view path) {
  return path.starts_with(kReferenceBase) && path.substr(kReferenceBase.size()).starts_with('/');
}

void add_reference_methods(Router& router) {
  router.add({.method = "GET", .path = "/", .handler = landing});
  router.add({.method = "GET",
              .path = std::string(kReferenceBase),
              .handler = [](const Request&) -> Response {
                return {.body = fmt::format(fmt::runtime(kIndex), kReferenceBase)};
              }});
  router.add({.method = "GET", .path = path_of("ping"), .handler = [](const Request&) {
                return envelope("{}");
              }});
}

}  // namespace mexport::api
