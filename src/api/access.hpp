// SPDX-License-Identifier: MIT
#pragma once

#include "api/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::api {

/// What a request has to show before a route answers it.
enum class Guard : std::uint8_t {
  open,   ///< nothing: as open as the reference's
  local,  ///< no other site's page sent it; on loopback it names this machine
  token,  ///< the same, and off loopback the bearer token
};

/// The answer to a request that must not pass; nullopt when it may. `token` is not empty.
std::optional<Response> refuse(const Request& request, Guard guard, std::string_view token);

/// Whether a Host field names the machine itself: `localhost`, an address of 127.0.0.0/8, `[::1]`,
/// each with any port. A name that resolves to loopback is none: it is how another site's page
/// gets here (DNS rebinding).
bool is_loopback_host(std::string_view host);

/// `{"error":"…"}`.
Response json_error(unsigned status, std::string_view text);

}  // namespace mexport::api
