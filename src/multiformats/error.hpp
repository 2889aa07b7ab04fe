// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <system_error>

namespace mexport::multiformats {

/// Why a self-describing value was refused. `truncated` alone may be cured by more bytes.
enum class Error : std::uint8_t {
  truncated = 1,        ///< the input ends inside the value
  varint_too_long,      ///< more than 9 bytes
  varint_not_minimal,   ///< ends in a zero group
  trailing_bytes,       ///< something follows the value
  too_long,             ///< above a named limit of this module
  bad_multibase,        ///< unknown prefix, or a character outside its alphabet
  bad_multihash,        ///< digest length above the limit or not the one that the code asks for
  bad_cid_version,      ///< neither a bare sha2-256 multihash nor version 1
  bad_cid_text,         ///< too short, or a version 0 behind a multibase prefix
  bad_cid_prefix,       ///< version 0 with another hash than 32 bytes of sha2-256
  bad_peer_id,          ///< neither identity nor sha2-256, or a CID that is not a libp2p key
  unknown_protocol,     ///< a multiaddr component that we know no length of
  bad_multiaddr,        ///< text that does not begin with a slash, or nothing at all
  bad_component_value,  ///< a multiaddr component's value is missing or malformed
  bad_address_range,    ///< not of the form /ip4|ip6/<address>/ipcidr/<bits>
};

const std::error_category& error_category();
std::error_code make_error_code(Error error);

}  // namespace mexport::multiformats

template <>
struct std::is_error_code_enum<mexport::multiformats::Error> : std::true_type {};
