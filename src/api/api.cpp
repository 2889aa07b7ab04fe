// SPDX-License-Identifier: MIT
#include "api/api.hpp"

#include "api/broadcast.hpp"
#include "api/event_stream.hpp"
#include "api/own_api.hpp"
#include "api/peer_pages.hpp"
#include "api/probe_pages.hpp"
#include "api/reference_api.hpp"

#include <utility>

namespace mexport::api {
namespace {

/// Of a request that no route reads: enough for the redirects and errors that answer it.
constexpr std::size_t kUnreadBody = 64 << 10;

}  // namespace

Api::Api(std::string token, Sources sources, EventFeed& feed)
    : token_(std::move(token)), sources_(std::move(sources)), status_(sources_) {
  add_reference_methods(router_);
  add_broadcast_methods(router_, sources_.probe);
  add_own_methods(router_, sources_, status_);
  add_peer_methods(router_, sources_);
  add_probe_methods(router_, sources_.probe);
  add_event_methods(router_, feed);
}

std::size_t Api::max_body(std::string_view method, std::string_view path) const {
  const auto* const route = router_.find(method, path);
  return route == nullptr || route->max_body == 0 ? kUnreadBody : route->max_body;
}

Response Api::answer(const Request& request) {
  const auto* const route = router_.find(request.method, request.path);
  if (route == nullptr) return router_.answer_without_route(request);
  if (auto refusal = refuse(request, route->guard, token_)) return std::move(*refusal);
  return route->handler(request);
}

Response Api::answer_while_closing(const Request& request) {
  if (request.path == "/healthz") return answer(request);
  return answers_in_envelope(request.path) ? envelope_error(503, "server closing")
                                           : json_error(503, "server closing");
}

}  // namespace mexport::api
