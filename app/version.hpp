// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace mexport::app {

/// "0.1.0"
std::string_view version();
/// "mexport/0.1.0": what identify tells other peers.
std::string agent_version();

}  // namespace mexport::app
