// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/report.hpp"
#include "config/setup_error.hpp"

#include <optional>
#include <string>

namespace mexport::config {

/// `API.Token`, or else what `API.TokenFile` holds: one line, made at random (mode 0600) when there
/// is no such file. Warns of a file that others may read.
Setup<std::string> api_token_of(const Api& api, Report& report);

/// What a file holds that API.TokenFile names; nullopt when there is none. The error names the
/// file.
Setup<std::optional<std::string>> read_api_token(const std::string& path);

}  // namespace mexport::config
