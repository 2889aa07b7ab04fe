// SPDX-License-Identifier: MIT
#include "libp2p/security_fault.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::libp2p {
namespace {

std::string_view describe(SecurityFault fault) {
  switch (fault) {
    case SecurityFault::bad_identity:
      return "the peer has not proved its identity";
    case SecurityFault::peer_mismatch:
      return "another peer than expected";
    case SecurityFault::closed:
      return "closed by the peer";
    case SecurityFault::refused:
      return "refused by the peer";
  }
  return "unknown security fault";
}

}  // namespace

const std::error_category& security_fault_category() {
  static const base::ErrorCategory<SecurityFault> kCategory("security", describe);
  return kCategory;
}

std::error_condition make_error_condition(SecurityFault fault) {
  return {static_cast<int>(fault), security_fault_category()};
}

}  // namespace mexport::libp2p
