// SPDX-License-Identifier: MIT
#include "api/router.hpp"

#include "api/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace mexport::api {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view without_slash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// A header field holds ASCII alone.
std::string ascii_only(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:x}", byte);
    }
  }
  return out;
}

Response redirect(const Request& request, const std::string& path) {
  const auto url = request.has_query ? path + "?" + request.query : path;
  Response response{.status = request.method == "GET" ? 301U : 307U, .content_type = {}};
  response.headers.emplace_back("Location", ascii_only(url));
  if (request.method == "GET") {
    response.content_type = kHtml;
    response.body =
        fmt::format("<a href=\"{}\">{}</a>.\n\n", html_text(url), status_text(response.status));
  }
  return response;
}

}  // namespace

const Router::Route* Router::find(std::string_view method, std::string_view path) const {
  const auto found = std::ranges::find_if(
      routes_, [&](const Route& route) { return route.method == method && route.path == path; });
  return found == routes_.end() ? nullptr : &*found;
}

std::string Router::meant_path(std::string_view method, std::string_view path) const {
  const auto clean = clean_path(path);
  const auto found = std::ranges::find_if(routes_, [&](const Route& route) {
    return route.method == method &&
           same_without_case(without_slash(route.path), without_slash(clean));
  });
  return found == routes_.end() ? std::string() : found->path;
}

std::string Router::allowed_methods(std::string_view path) const {
  std::set<std::string_view> methods;
  for (const auto& route : routes_) {
    if (route.path == path || path == "*") methods.insert(route.method);
  }
  if (methods.empty()) return {};
  methods.insert("OPTIONS");
  return fmt::format("{}", fmt::join(methods, ", "));
}

Response Router::answer_without_route(const Request& request) const {
  const bool options = request.method == "OPTIONS";
  if (request.path == "*" && options) return {.content_type = {}};
  if (request.path != "/" && request.method != "CONNECT") {
    const auto meant = meant_path(request.method, request.path);
    if (!meant.empty()) return redirect(request, meant);
  }
  const auto allowed = allowed_methods(request.path);
  if (allowed.empty()) return plain_error(404, "404 page not found");
  auto response = options ? Response{.content_type = {}} : plain_error(405, status_text(405));
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response plain_error(unsigned status, std::string_view text) {
  Response response{.status = status};
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.body.append(text).append("\n");
  return response;
}

std::string_view status_text(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 307:
      return "Temporary Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Request Entity Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

}  // namespace mexport::api
