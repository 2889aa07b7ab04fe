// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace mexport::app {

/// The printable text as RFC 4180 writes a field: in quotes where it needs them.
std::string csv_field(std::string_view text);

}  // namespace mexport::app
