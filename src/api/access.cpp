// SPDX-License-Identifier: MIT
#include "api/access.hpp"

#include "base/bytes.hpp"
#include "crypto/secret.hpp"
#include "export/json_writer.hpp"
#include "multiformats/ip.hpp"

namespace mexport::api {
namespace {

/// A page of this server itself, or no page at all.
bool same_site(const Request& request) {
  const bool fetched_here = request.fetch_site.empty() || request.fetch_site == "same-origin" ||
                            request.fetch_site == "none";
  return fetched_here && (request.origin.empty() || request.origin == "http://" + request.host);
}

bool has_token(const Request& request, std::string_view token) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.authorization;
  return given.starts_with(kScheme) &&
         crypto::equal_secrets(base::as_bytes(given.substr(kScheme.size())), base::as_bytes(token));
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? host : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const auto name = without_port(host);
  if (name == "localhost") return true;
  auto address = multiformats::parse_ip4(name);
  if (!address) address = multiformats::parse_ip6(name);
  if (!address) return false;
  const auto bare = address->unmapped();
  return bare.v6 ? bare == *multiformats::parse_ip6("::1") : bare.bytes[0] == 127;
}

std::optional<Response> refuse(const Request& request, Guard guard, std::string_view token) {
  if (guard == Guard::open) return std::nullopt;
  if (request.loopback && !request.host.empty() && !is_loopback_host(request.host)) {
    return json_error(403, "the Host field names another machine");
  }
  if (!same_site(request)) return json_error(403, "other sites' pages may not ask");
  if (guard == Guard::local || request.loopback || has_token(request, token)) return std::nullopt;
  auto response = json_error(401, "a bearer token is needed");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response json_error(unsigned status, std::string_view text) {
  Response response{.status = status, .content_type = std::string(kJson)};
  response.body = "{\"error\":";
  exporter::append_json_string(response.body, text);
  response.body += "}\n";
  return response;
}

}  // namespace mexport::api
