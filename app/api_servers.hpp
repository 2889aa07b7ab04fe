// SPDX-License-Identifier: MIT
#pragma once

#include "api/listen_address.hpp"
#include "config/document.hpp"

#include <expected>
#include <string>
#include <vector>

namespace mexport::app {

/// Where a node of this configuration can be asked: addresses with a port. The error says what to
/// do when there is none.
std::expected<std::vector<api::ListenAddress>, std::string> api_servers(
    const config::Config& config);

}  // namespace mexport::app
