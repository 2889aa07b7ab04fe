// SPDX-License-Identifier: MIT
#include "libp2p/security_fault.hpp"

#include <string>

namespace mexport::libp2p {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "security"; }
  std::string message(int value) const override {
    switch (static_cast<SecurityFault>(value)) {
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
};

}  // namespace

const std::error_category& security_fault_category() {
  static const Category category;
  return category;
}

std::error_condition make_error_condition(SecurityFault fault) {
  return {static_cast<int>(fault), security_fault_category()};
}

}  // namespace mexport::libp2p
