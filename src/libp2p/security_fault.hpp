// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <system_error>

namespace mexport::libp2p {

/// What the errors of any security protocol may mean to those who use it: conditions to compare an
/// error_code with.
enum class SecurityFault : std::uint8_t {
  bad_identity = 1,  ///< an identity key, certificate or signature that proves nothing
  peer_mismatch,     ///< another peer than the expected one
  closed,            ///< the peer has ended the channel in an orderly way
  refused,           ///< the peer has ended it because of an error that it saw
};

const std::error_category& security_fault_category();
std::error_condition make_error_condition(SecurityFault fault);

}  // namespace mexport::libp2p

template <>
struct std::is_error_condition_enum<mexport::libp2p::SecurityFault> : std::true_type {};
