// SPDX-License-Identifier: MIT
#pragma once

#include "api/router.hpp"

#include <string>
#include <string_view>

namespace mexport::api {

/// Where the reference exporter's methods are.
inline constexpr std::string_view kReferenceBase = "/metric_plugin/v1";

/// Adds those of the reference's methods that need nothing to know of the node: `/`, the base
/// path, and `ping`.
void add_reference_methods(Router& router);

/// `{"status":200,"result":…}` around JSON text.
Response envelope(std::string_view result);
/// `{"status":…,"error":…}`.
Response envelope_error(unsigned status, std::string_view error);
/// Whether a path's answers are such envelopes.
bool answers_in_envelope(std::string_view path);

}  // namespace mexport::api
