// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>

/// As much of DER (ITU-T X.690) as certificates need.
namespace mexport::libp2p::tls::der {

enum class Tag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  object_id = 0x06,
  utc_time = 0x17,
  generalized_time = 0x18,
  sequence = 0x30,
  context_0 = 0xa0,  ///< explicit
  context_1 = 0x81,  ///< implicit, primitive; as the next
  context_2 = 0x82,
  context_3 = 0xa3,  ///< explicit
};

struct Element {
  std::uint8_t tag;
  base::ByteView contents;
  base::ByteView whole;  ///< tag and length included
};

/// Reads one element after the other, without a copy. Lengths must be definite, minimal and within
/// the input; tags of more than one byte do not occur in certificates and are refused.
class Reader {
 public:
  explicit Reader(base::ByteView in) : rest_(in) {}

  bool at_end() const { return rest_.empty(); }
  /// nullopt when it is malformed.
  std::optional<Element> next();
  /// nullopt, and nothing read, when the next element has another tag or is malformed.
  std::optional<Element> next(Tag tag);

 private:
  base::ByteView rest_;
};

/// The single element of `in`, without anything behind it.
std::optional<Element> only(base::ByteView in, Tag tag);

/// Appends an element of at most 64 KiB.
void append(base::Bytes& out, Tag tag, base::ByteView contents);

}  // namespace mexport::libp2p::tls::der
