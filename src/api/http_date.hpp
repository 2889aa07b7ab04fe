// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace mexport::api {

/// As a Date field has it (RFC 9110, section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::chrono::sys_seconds time);

}  // namespace mexport::api
