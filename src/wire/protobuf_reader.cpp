// SPDX-License-Identifier: MIT
#include "wire/protobuf_reader.hpp"

namespace mexport::wire {

void ProtobufReader::skip() {
  if (wire_type_ == kGroupStart) {
    skip_group();
  } else {
    skip_value(wire_type_);
  }
}

// At most 10 bytes; the reference does not mind non-minimal forms and bits above the 64th.
std::uint64_t ProtobufReader::read_long_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const std::uint8_t byte = *at_++;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  fail(Error::bad_protobuf);
  return 0;
}

void ProtobufReader::skip_value(std::uint32_t wire_type) {
  switch (wire_type) {
    case kVarint:
      read_varint();
      return;
    case kFixed64:
      return advance(8);
    case kLengthDelimited:
      return advance(read_varint());
    case kFixed32:
      return advance(4);
    default:
      return fail(Error::bad_protobuf);
  }
}

// Counts how deep it is instead of descending: a message of nothing but group starts costs no
// stack. Field numbers are not compared, as in the reference.
void ProtobufReader::skip_group() {
  std::size_t depth = 1;
  while (depth > 0 && !failed_) {
    const auto wire_type = static_cast<std::uint32_t>(read_varint() & 7);
    if (failed_) return;
    if (wire_type == kGroupStart) {
      ++depth;
    } else if (wire_type == kGroupEnd) {
      --depth;
    } else {
      skip_value(wire_type);
    }
  }
}

}  // namespace mexport::wire
