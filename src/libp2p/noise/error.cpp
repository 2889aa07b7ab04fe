// SPDX-License-Identifier: MIT
#include "libp2p/noise/error.hpp"

#include "libp2p/security_fault.hpp"

#include <string>

namespace mexport::libp2p::noise {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "noise"; }
  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
      case Error::frame_too_large:
        return "handshake frame too large";
      case Error::frame_too_small:
        return "frame too small";
      case Error::bad_payload:
        return "malformed handshake payload";
      case Error::bad_identity:
        return "bad identity key";
      case Error::bad_signature:
        return "static key not signed by the identity key";
      case Error::peer_mismatch:
        return "another peer than expected";
    }
    return "unknown noise error";
  }
  std::error_condition default_error_condition(int value) const noexcept override {
    switch (static_cast<Error>(value)) {
      case Error::bad_payload:
      case Error::bad_identity:
      case Error::bad_signature:
        return SecurityFault::bad_identity;
      case Error::peer_mismatch:
        return SecurityFault::peer_mismatch;
      default:
        return {value, *this};
    }
  }
};

}  // namespace

const std::error_category& error_category() {
  static const Category category;
  return category;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::libp2p::noise
