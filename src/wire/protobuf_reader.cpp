// SPDX-License-Identifier: MIT
#include "wire/protobuf_reader.hpp"

namespace mexport::wire {
namespace {

constexpr std::uint32_t kVarint = 0;
constexpr std::uint32_t kFixed64 = 1;
constexpr std::uint32_t kLengthDelimited = 2;
constexpr std::uint32_t kGroupStart = 3;
constexpr std::uint32_t kGroupEnd = 4;
constexpr std::uint32_t kFixed32 = 5;

}  // namespace

void ProtobufReader::fail(Error error) {
  if (!failed_) error_ = error;
  failed_ = true;
  at_ = end_;
}

bool ProtobufReader::next() {
  if (at_ == end_) return false;
  const std::uint64_t tag = read_varint();
  if (failed_) return false;
  // Cut to 32 bits before it is judged, as the reference does.
  field_ = static_cast<std::uint32_t>(tag >> 3);
  wire_type_ = tag & 7;
  if (static_cast<std::int32_t>(field_) <= 0 || wire_type_ == kGroupEnd) fail(Error::bad_protobuf);
  return !failed_;
}

std::uint64_t ProtobufReader::varint() {
  if (wire_type_ != kVarint) {
    fail(Error::wrong_wire_type);
    return 0;
  }
  return read_varint();
}

base::ByteView ProtobufReader::bytes() {
  if (wire_type_ != kLengthDelimited) {
    fail(Error::wrong_wire_type);
    return {};
  }
  const std::uint64_t size = read_varint();
  const base::ByteView rest(at_, end_);
  advance(size);
  return failed_ ? base::ByteView{} : rest.first(size);
}

void ProtobufReader::skip() {
  if (wire_type_ == kGroupStart) {
    skip_group();
  } else {
    skip_value(wire_type_);
  }
}

// At most 10 bytes; the reference does not mind non-minimal forms and bits above the 64th.
std::uint64_t ProtobufReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const std::uint8_t byte = *at_++;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  fail(Error::bad_protobuf);
  return 0;
}

void ProtobufReader::advance(std::uint64_t size) {
  if (size > remaining()) {
    fail(Error::bad_protobuf);
  } else {
    at_ += size;
  }
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
