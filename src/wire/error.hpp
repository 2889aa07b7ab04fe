// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace mexport::wire {

/// Why a peer's message was refused.
enum class Error : std::uint8_t {
  bad_protobuf = 1,     ///< not a protobuf: cut short, an oversized varint, an illegal tag
  wrong_wire_type,      ///< a known field in another form than its type has
  bad_cid,              ///< a CID that is empty, malformed, of version 2 or followed by bytes
  missing_cid,          ///< an entry or presence without a CID
  bad_block_prefix,     ///< a block prefix that is empty, short or of an impossible CID
  unknown_block_hash,   ///< a block named by a hash function that we don't have
  bad_block_length,     ///< a block's digest length that its hash function cannot give
  too_many_blocks,      ///< more than kMaxBlocksPerMessage
  message_too_large,    ///< a length prefix above the reader's limit
  bad_length_prefix,    ///< a length prefix that is no minimal uvarint of at most 9 bytes
  truncated_message,    ///< the stream ended within a message
  too_many_messages,    ///< more identify messages than kMaxIdentifyMessages
  too_many_protocols,   ///< more than kMaxIdentifyProtocols
  too_many_addresses,   ///< more than kMaxIdentifyAddresses
  protocol_too_long,    ///< a protocol id above kMaxProtocolIdSize
  bad_public_key,       ///< an envelope's key that does not parse
  wrong_payload_type,   ///< a signed envelope that holds no peer record
  bad_signature,        ///< a signed envelope whose signature does not hold
  record_key_mismatch,  ///< a peer record for another peer than the one that signed it
};

/// Values of Error, and 0.
inline constexpr std::size_t kErrorCount = static_cast<std::size_t>(Error::record_key_mismatch) + 1;

const std::error_category& error_category();
std::error_code make_error_code(Error error);

/// The error's name ("bad_cid"), for counters and labels; static storage.
std::string_view to_string(Error error);

}  // namespace mexport::wire

template <>
struct std::is_error_code_enum<mexport::wire::Error> : std::true_type {};
