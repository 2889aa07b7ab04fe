// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <protozero/basic_pbf_writer.hpp>

#include <cstddef>
#include <cstdint>

namespace mexport::wire {

/// protozero's writer, appending to our Bytes.
using ProtobufWriter = protozero::basic_pbf_writer<base::Bytes>;

inline void add_bytes(ProtobufWriter& out, std::uint32_t field, base::ByteView bytes) {
  out.add_bytes(field, reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace mexport::wire

namespace protozero {

/// What protozero asks of a buffer.
template <>
struct buffer_customization<mexport::base::Bytes> {
  using Bytes = mexport::base::Bytes;

  static std::size_t size(const Bytes* buffer) noexcept { return buffer->size(); }
  static void append(Bytes* buffer, const char* data, std::size_t count) {
    // As bytes, or the vector converts them one by one.
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(data);
    buffer->insert(buffer->end(), bytes, bytes + count);
  }
  static void append_zeros(Bytes* buffer, std::size_t count) {
    buffer->insert(buffer->end(), count, 0);
  }
  static void resize(Bytes* buffer, std::size_t size) { buffer->resize(size); }
  static void reserve_additional(Bytes* buffer, std::size_t size) {
    buffer->reserve(buffer->size() + size);
  }
  static void erase_range(Bytes* buffer, std::size_t from, std::size_t to) {
    const auto begin = buffer->begin();
    buffer->erase(begin + static_cast<std::ptrdiff_t>(from),
                  begin + static_cast<std::ptrdiff_t>(to));
  }
  static char* at_pos(Bytes* buffer, std::size_t pos) {
    return reinterpret_cast<char*>(buffer->data()) + pos;
  }
  static void push_back(Bytes* buffer, char byte) {
    buffer->push_back(static_cast<std::uint8_t>(byte));
  }
};

}  // namespace protozero
