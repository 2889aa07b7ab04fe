// SPDX-License-Identifier: MIT
#include "libp2p/tls/error.hpp"

#include "base/error_category.hpp"
#include "libp2p/security_fault.hpp"

#include <array>
#include <string_view>

namespace mexport::libp2p::tls {
namespace {

constexpr std::array<std::string_view, 18> kMessages{
    "bad TLS record",
    "TLS record too large",
    "TLS handshake too large",
    "TLS handshake failed",
    "TLS alert from the peer",
    "closed by the peer",
    "unexpected TLS message",
    "too many TLS records without data",
    "not exactly one certificate",
    "certificate too large",
    "malformed certificate",
    "certificate not valid at this time",
    "certificate not signed by its own key",
    "certificate without an identity",
    "unknown critical extension in the certificate",
    "bad identity key in the certificate",
    "certificate key not signed by the identity key",
    "another peer than expected",
};

std::string_view describe(Error error) {
  const auto index = static_cast<std::size_t>(error) - 1;
  return index < kMessages.size() ? kMessages[index] : "unknown TLS error";
}

std::error_condition condition_of(Error error) {
  if (error == Error::closed) return SecurityFault::closed;
  if (error == Error::alert) return SecurityFault::refused;
  if (error == Error::peer_mismatch) return SecurityFault::peer_mismatch;
  if (error >= Error::certificate_count) return SecurityFault::bad_identity;
  return {};
}

}  // namespace

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("tls", describe, condition_of);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::libp2p::tls
