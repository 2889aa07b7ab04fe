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
  bool next();
  std::uint32_t field() const { return field_; }

  /// The value of a varint field; 0 on an error.
  std::uint64_t varint();
  /// A value outside 32 bits keeps its low ones, as in Go.
  std::int32_t int32() { return static_cast<std::int32_t>(static_cast<std::uint32_t>(varint())); }
  bool boolean() { return varint() != 0; }
  /// The content of a bytes, string or message field; a view into the message, empty on an error.
  base::ByteView bytes();
  /// Passes over a field of any form. Nested groups cost no stack.
  void skip();

  /// Of the bytes that are left to read.
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  /// Whether something else than the message's end ended the walk.
  bool failed() const { return failed_; }
  /// What it was. Pre-condition: failed().
  Error error() const { return error_; }
  /// Ends the walk with an error of the caller; the first one stays.
  void fail(Error error);

 private:
  std::uint64_t read_varint();
  void advance(std::uint64_t size);
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
