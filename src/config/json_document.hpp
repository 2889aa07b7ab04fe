// SPDX-License-Identifier: MIT
#pragma once

#include "config/report.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mexport::config {

/// A JSON text that is one object; else nullopt, and an error that names line and column. `name` is
/// that of the text in errors: its file's.
std::optional<boost::json::object> parse_json_document(std::string_view json, Report& report,
                                                       const std::string& name = "the document");

/// One value a line, indented by two spaces, a newline at the end.
std::string format_json(const boost::json::object& object);

}  // namespace mexport::config
