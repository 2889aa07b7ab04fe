// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

#include <string_view>

namespace mexport::config {

inline constexpr std::string_view kApiAddressRule = R"(an address like "localhost:8432")";
inline constexpr std::size_t kMinApiToken = 16;   ///< characters
inline constexpr std::size_t kMaxApiToken = 256;  ///< the same

/// Printable ASCII without spaces, of the sizes above.
bool is_api_token(std::string_view text);

/// `HTTPServerConfig` and `API` of the plugin's section.
void read_api(Section& section, Monitor& monitor, Report& report);

}  // namespace mexport::config
