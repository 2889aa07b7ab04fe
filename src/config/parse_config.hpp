// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mexport::config {

/// Longest document that is read.
inline constexpr std::size_t kMaxDocumentSize = 4 << 20;

/// Reads a configuration. Keys that are absent or null keep their defaults. Wrong types and
/// unknown keys of ours are errors, unknown ones beside the reference's warnings, what kubo has
/// beyond our sections is ignored. `config` is usable only when the report has no errors.
struct ParsedConfig {
  Config config;
  Report report;
};
/// `name` is the document's in errors about the whole of it: its file's.
ParsedConfig parse_config(std::string_view json, const std::string& name = "the document");

}  // namespace mexport::config
