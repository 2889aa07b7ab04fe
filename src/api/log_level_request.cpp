// SPDX-License-Identifier: MIT
#include "api/log_level_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace mexport::api {
namespace {

namespace json = boost::json;

/// A member that is a text or absent.
std::expected<std::string, std::string> text_of(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return std::unexpected(fmt::format("{} is no text", name));
  return std::string(value->get_string());
}

}  // namespace

std::expected<LogLevelRequest, std::string> parse_log_level_request(
    std::string_view body, std::span<const std::string> components) {
  json::error_code error;
  const auto value = json::parse(body, error);
  if (error || !value.is_object()) return std::unexpected("the body is no JSON object");
  const auto& object = value.get_object();
  for (const auto& member : object) {
    if (member.key() == "component" || member.key() == "level") continue;
    return std::unexpected("there are only component and level");
  }
  auto component = text_of(object, "component");
  if (!component) return std::unexpected(component.error());
  const auto name = text_of(object, "level");
  if (!name) return std::unexpected(name.error());
  const auto level = base::parse_log_level(*name);
  if (!level) return std::unexpected("level is none of trace, debug, info, warn, error, off");
  if (!component->empty() && std::ranges::find(components, *component) == components.end()) {
    return std::unexpected(fmt::format("component is none of {}", fmt::join(components, ", ")));
  }
  return LogLevelRequest{std::move(*component), *level};
}

}  // namespace mexport::api
