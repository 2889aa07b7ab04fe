// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/asking.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace mexport::api {

inline constexpr std::size_t kMaxProbeBody = 1 << 20;
/// Of one request whose answers are followed.
inline constexpr std::size_t kMaxFollowedCids = 64;

/// Reads `{"cids":["bafk…"],"peers":["12D3KooW…"],"agent":"kubo/","seconds":10}`; all but `cids`
/// may be left out, and a CID may be an object `{"/":"bafk…"}`. The error says what is wrong.
std::expected<monitor::Ask, std::string> parse_probe_request(std::string_view body);

}  // namespace mexport::api
