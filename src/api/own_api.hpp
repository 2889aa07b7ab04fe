// SPDX-License-Identifier: MIT
#pragma once

#include "api/router.hpp"
#include "api/sources.hpp"
#include "api/status_page.hpp"

namespace mexport::api {

/// Adds what is ours and is about the process: health, metrics, status, log levels, and the
/// description of the whole API. What is given outlives the router.
void add_own_methods(Router& router, const Sources& sources, StatusPage& status);

/// The OpenAPI document, docs/openapi.json.
std::string_view openapi_document();

}  // namespace mexport::api
