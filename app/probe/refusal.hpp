// SPDX-License-Identifier: MIT
#pragma once

#include "app/http_client.hpp"
#include "app/probe/lines.hpp"

#include <optional>
#include <string>

namespace mexport::app::probe {

/// One line for the user: why a request did not come to its end, and what to do about it. For all
/// ends but `interrupted`, and `complete` of a node that was not stopped.
std::string explain(const HttpEnd& end, const std::optional<Summary>& summary);

}  // namespace mexport::app::probe
