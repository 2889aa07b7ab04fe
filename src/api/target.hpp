// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::api {

/// The target of a request line, taken apart.
struct Target {
  std::string path;  ///< decoded; begins with a slash, or is "*"
  std::string query;
  bool has_query = false;  ///< whether there is a question mark
};

/// Reads `/path?query`, `*`, or a URL of which scheme and authority are dropped. nullopt for what
/// is none of these, has control characters, or a percent sign before other than two hex digits.
std::optional<Target> parse_target(std::string_view text);

/// A path without empty, `.` and `..` elements; a slash at its end stays (httprouter: path.go,
/// CleanPath).
std::string clean_path(std::string_view path);

/// The values of a query's parameter, decoded, in their order. Those that cannot be decoded are
/// left out, as Go leaves them out.
std::vector<std::string> query_values(std::string_view query, std::string_view name);
/// The first of them; "" without one.
std::string query_value(std::string_view query, std::string_view name);
/// Names that stand in the query, decoded.
std::vector<std::string> query_names(std::string_view query);

}  // namespace mexport::api
