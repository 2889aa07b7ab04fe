// SPDX-License-Identifier: MIT
#include "libp2p/dial_error.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::libp2p {
namespace {

std::string_view describe(DialError error) {
  switch (error) {
    case DialError::self:
      return "the peer is this node itself";
    case DialError::no_address:
      return "no address that can be dialled";
    case DialError::forbidden:
      return "all addresses are forbidden";
    case DialError::backed_off:
      return "failed a short time ago";
    case DialError::too_many:
      return "too many dials";
    case DialError::no_room:
      return "as many connections as allowed";
    case DialError::timeout:
      return "no answer in time";
    case DialError::refused:
      return "not reachable";
    case DialError::not_upgraded:
      return "the handshake failed";
    case DialError::wrong_peer:
      return "another peer is at that address";
    case DialError::local:
      return "no descriptors or memory left here";
    case DialError::stopped:
      return "stopping";
  }
  return "unknown dial error";
}

}  // namespace

const std::error_category& dial_category() {
  static const base::ErrorCategory<DialError> kCategory("dial", describe);
  return kCategory;
}

std::error_code make_error_code(DialError error) {
  return {static_cast<int>(error), dial_category()};
}

}  // namespace mexport::libp2p
