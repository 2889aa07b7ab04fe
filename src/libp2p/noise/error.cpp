// SPDX-License-Identifier: MIT
#include "libp2p/noise/error.hpp"

#include "base/error_category.hpp"
#include "libp2p/security_fault.hpp"

#include <string_view>

namespace mexport::libp2p::noise {
namespace {

std::string_view describe(Error error) {
  switch (error) {
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

std::error_condition condition_of(Error error) {
  switch (error) {
    case Error::bad_payload:
    case Error::bad_identity:
    case Error::bad_signature:
      return SecurityFault::bad_identity;
    case Error::peer_mismatch:
      return SecurityFault::peer_mismatch;
    default:
      return {};
  }
}

}  // namespace

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("noise", describe, condition_of);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::libp2p::noise
