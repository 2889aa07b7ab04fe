// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>

/// The frame of TLS: type, version (2 bytes), length (2 bytes), fragment (RFC 8446, section 5).
namespace mexport::libp2p::tls {

enum class RecordType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
};

inline constexpr std::size_t kRecordHeader = 5;
inline constexpr std::size_t kMaxRecordPlaintext = 1 << 14;
/// Of an encrypted fragment, tag and padding included.
inline constexpr std::size_t kMaxRecordFragment = kMaxRecordPlaintext + 256;
inline constexpr std::uint8_t kVersionMajor = 3;
inline constexpr std::uint8_t kVersionMinor = 3;

/// Pre-condition: at least kRecordHeader bytes, as for the next two.
inline RecordType record_type(base::ByteView header) {
  return static_cast<RecordType>(header[0]);
}
inline std::size_t fragment_size(base::ByteView header) {
  return std::size_t{header[3]} << 8 | header[4];
}
inline void write_record_header(RecordType type, std::size_t fragment, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(type);
  out[1] = kVersionMajor;
  out[2] = kVersionMinor;
  out[3] = static_cast<std::uint8_t>(fragment >> 8);
  out[4] = static_cast<std::uint8_t>(fragment);
}

}  // namespace mexport::libp2p::tls
