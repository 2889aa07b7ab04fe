// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace mexport::app {

/// The text with control characters as \xNN: what peers send must neither forge log lines nor
/// command a terminal. Tells UTF-8 encoded C1 controls too.
std::string printable(std::string_view text);

}  // namespace mexport::app
