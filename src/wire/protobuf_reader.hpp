// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "wire/error.hpp"

#include <cstddef>
#include <cstdint>

namespace mexport::wire {

/// Walks the fields of one protobuf message without copying, as gogo/protobuf's generated code does
/// (whose verdict on a peer's bytes the reference shares): groups are skipped, a known field of
/// another wire type is an error, varints are cut to their field's width. Not protozero's reader,
/// because that throws on bad input and knows no groups.
///
///   ProtobufReader in(body);
///   while (in.next()) {
///     if (in.field() == 1) { id = in.bytes(); } else { in.skip(); }
///   }
///   if (in.failed()) … in.error()
///
/// After next() exactly one of the reading members is called. The first error ends the walk.
class ProtobufReader {
 public:
  explicit ProtobufReader(base::ByteView message)
      : at_(message.data()), end_(message.data() + message.size()) {}

  /// Moves to the next field; false at the end and after an error.
  bool next() {
    if (at_ == end_) return false;
    const std::uint64_t tag = read_varint();
    // Cut to 32 bits before it is judged, as the reference does.
    field_ = static_cast<std::uint32_t>(tag >> 3);
    wire_type_ = tag & 7;
    if (static_cast<std::int32_t>(field_) <= 0 || wire_type_ == kGroupEnd) {
      fail(Error::bad_protobuf);
    }
    return !failed_;
  }
  std::uint32_t field() const { return field_; }

  /// The value of a varint field; 0 on an error.
  std::uint64_t varint() {
    if (wire_type_ == kVarint) return read_varint();
    fail(Error::wrong_wire_type);
    return 0;
  }
  /// A value outside 32 bits keeps its low ones, as in Go.
  std::int32_t int32() { return static_cast<std::int32_t>(static_cast<std::uint32_t>(varint())); }
  bool boolean() { return varint() != 0; }
  /// The content of a bytes, string or message field; a view into the message, empty on an error.
  base::ByteView bytes() {
    if (wire_type_ != kLengthDelimited) {
      fail(Error::wrong_wire_type);
      return {};
    }
    const std::uint64_t size = read_varint();
    const base::ByteView rest(at_, end_);
    advance(size);
    return failed_ ? base::ByteView{} : rest.first(size);
  }
  /// Passes over a field of any form. Nested groups cost no stack.
  void skip();

  /// Of the bytes that are left to read.
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  /// Whether something else than the message's end ended the walk.
  bool failed() const { return failed_; }
  /// What it was. Pre-condition: failed().
  Error error() const { return error_; }
  /// Ends the walk with an error of the caller; the first one stays.
  void fail(Error error) {
    if (!failed_) error_ = error;
    failed_ = true;
    at_ = end_;
  }

 private:
  static constexpr std::uint32_t kVarint = 0;
  static constexpr std::uint32_t kFixed64 = 1;
  static constexpr std::uint32_t kLengthDelimited = 2;
  static constexpr std::uint32_t kGroupStart = 3;
  static constexpr std::uint32_t kGroupEnd = 4;
  static constexpr std::uint32_t kFixed32 = 5;

  // Inline for the one byte that nearly all tags, lengths and flags take.
  std::uint64_t read_varint() {
    if (at_ != end_ && *at_ < 0x80) return *at_++;
    return read_long_varint();
  }
  std::uint64_t read_long_varint();
  void advance(std::uint64_t size) {
    if (size > remaining()) {
      fail(Error::bad_protobuf);
    } else {
      at_ += size;
    }
  }
  void skip_value(std::uint32_t wire_type);
  void skip_group();

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint32_t field_ = 0;
  std::uint32_t wire_type_ = 0;
  bool failed_ = false;
  Error error_ = Error::bad_protobuf;
};

}  // namespace mexport::wire
