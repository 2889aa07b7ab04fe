// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <string_view>

namespace mexport::multiformats {

/// Query escaping as Go's net/url does it: letters, digits and `-_.~` as they are, a space as `+`,
/// all else as %XX in upper case.
void url_escape(base::ByteView bytes, std::string& out);
/// False for a percent sign without two hex digits behind it; `out` is then unspecified.
bool url_unescape(std::string_view text, base::Bytes& out);

}  // namespace mexport::multiformats
