// SPDX-License-Identifier: MIT
#include "multiformats/error.hpp"

#include "base/error_category.hpp"

#include <string_view>

namespace mexport::multiformats {
namespace {

std::string_view describe(Error error) {
  switch (error) {
    case Error::truncated:
      return "input ends inside the value";
    case Error::varint_too_long:
      return "varint of more than 9 bytes";
    case Error::varint_not_minimal:
      return "varint not in its shortest form";
    case Error::trailing_bytes:
      return "bytes after the value";
    case Error::too_long:
      return "longer than the limit";
    case Error::bad_multibase:
      return "not a text of a known multibase";
    case Error::bad_multihash:
      return "multihash with an impossible digest length";
    case Error::bad_cid_version:
      return "CID version other than 0 and 1";
    case Error::bad_cid_text:
      return "not the text of a CID";
    case Error::bad_cid_prefix:
      return "CID prefix of version 0 without sha2-256 of 32 bytes";
    case Error::bad_peer_id:
      return "not a peer id";
    case Error::unknown_protocol:
      return "unknown multiaddr protocol";
    case Error::bad_multiaddr:
      return "empty, or does not begin with a slash";
    case Error::bad_component_value:
      return "multiaddr component with a missing or bad value";
    case Error::bad_address_range:
      return "not an address range like /ip4/10.0.0.0/ipcidr/8";
  }
  return "unknown multiformats error";
}

}  // namespace

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("multiformats", describe);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}  // namespace mexport::multiformats
