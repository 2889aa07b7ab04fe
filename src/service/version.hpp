// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace mexport::service {

/// "0.1.0"
std::string_view version();
/// What identify tells other peers: "mexport/0.1.0", and " (+contact)" behind it where there is
/// one.
std::string agent_version(std::string_view contact);

}  // namespace mexport::service
