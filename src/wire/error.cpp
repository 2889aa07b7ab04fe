// SPDX-License-Identifier: MIT
#include "wire/error.hpp"

#include "base/error_category.hpp"

namespace mexport::wire {

const std::error_category& error_category() {
  static const base::ErrorCategory<Error> kCategory("wire", to_string);
  return kCategory;
}

std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

std::string_view to_string(Error error) {
  switch (error) {
    case Error::bad_protobuf:
      return "bad_protobuf";
    case Error::wrong_wire_type:
      return "wrong_wire_type";
    case Error::bad_cid:
      return "bad_cid";
    case Error::missing_cid:
      return "missing_cid";
    case Error::bad_block_prefix:
      return "bad_block_prefix";
    case Error::unknown_block_hash:
      return "unknown_block_hash";
    case Error::bad_block_length:
      return "bad_block_length";
    case Error::too_many_blocks:
      return "too_many_blocks";
    case Error::message_too_large:
      return "message_too_large";
    case Error::bad_length_prefix:
      return "bad_length_prefix";
    case Error::truncated_message:
      return "truncated_message";
    case Error::too_many_messages:
      return "too_many_messages";
    case Error::too_many_protocols:
      return "too_many_protocols";
    case Error::too_many_addresses:
      return "too_many_addresses";
    case Error::protocol_too_long:
      return "protocol_too_long";
    case Error::bad_public_key:
      return "bad_public_key";
    case Error::wrong_payload_type:
      return "wrong_payload_type";
    case Error::bad_signature:
      return "bad_signature";
    case Error::record_key_mismatch:
      return "record_key_mismatch";
  }
  return "unknown_error";
}

}  // namespace mexport::wire
