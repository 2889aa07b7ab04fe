// SPDX-License-Identifier: MIT
#include "app/probe/refusal.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace mexport::app::probe {

namespace {

constexpr unsigned kUnauthorized = 401;
constexpr unsigned kNotFound = 404;

/// What `{"error":"…"}` says; "" where the body is something else.
std::string error_of(const std::string& body) {
  boost::json::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error || !value.is_object()) return "";
  const auto* text = value.get_object().if_contains("error");
  return text != nullptr && text->is_string() ? std::string(text->get_string()) : "";
}

std::string refused(const HttpEnd& end) {
  const auto said = error_of(end.text);
  if (said.empty()) {
    return fmt::format("what answers at {} is no node of ours: status {}", end.server, end.status);
  }
  if (end.status == kUnauthorized) {
    return fmt::format(
        "the node at {} wants its token: --token-file, or --data-dir if it is that node's",
        end.server);
  }
  if (end.status == kNotFound) {
    return fmt::format(
        "the node at {} asks nobody: {} (EnableBitswapDiscoveryProbe in its configuration)",
        end.server, said);
  }
  return fmt::format("the node at {} refuses: {}", end.server, said);
}

}  // namespace

std::string explain(const HttpEnd& end, const std::optional<Summary>& summary) {
  switch (end.kind) {
    case HttpEnd::Kind::unreachable:
      return fmt::format(
          "no node answers ({}): start one with `mexport run`, or say with --api where it is",
          end.text);
    case HttpEnd::Kind::refused:
      return refused(end);
    case HttpEnd::Kind::broken:
      return fmt::format("the answer of {} broke off: {}", end.server, end.text);
    case HttpEnd::Kind::left:
      return fmt::format("what {} answers is not understood", end.server);
    case HttpEnd::Kind::complete:
    case HttpEnd::Kind::interrupted:
      break;
  }
  if (summary) return "the node was stopped before all had been asked";
  return fmt::format("the answer of {} ended before its summary: the node was stopped", end.server);
}

}  // namespace mexport::app::probe
