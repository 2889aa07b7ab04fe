// SPDX-License-Identifier: MIT
#include "wire/length_delimited.hpp"

#include "multiformats/uvarint.hpp"

#include <algorithm>

namespace mexport::wire {

void append_length_delimited(base::Bytes& out, base::ByteView body) {
  multiformats::append_uvarint(out, body.size());
  base::append(out, body);
}

base::Result<base::ByteView> LengthDelimitedReader::take(base::ByteView& data) {
  if (state_ == State::prefix) {
    if (const auto taken = take_prefix(data); !taken) return base::fail(taken.error());
    if (state_ == State::prefix) return base::ByteView{};
  }
  return take_body(data);
}

base::Status LengthDelimitedReader::take_prefix(base::ByteView& data) {
  while (!data.empty()) {
    const std::uint8_t byte = data.front();
    data = data.subspan(1);
    if (byte == 0 && prefix_bytes_ > 0) return base::fail(Error::bad_length_prefix);
    if (prefix_bytes_ == multiformats::kMaxUvarintSize) return base::fail(Error::bad_length_prefix);
    length_ |= std::uint64_t{byte & 0x7fU} << (7U * prefix_bytes_);
    ++prefix_bytes_;
    // Further groups only add to it.
    if (length_ > max_size_) return base::fail(Error::message_too_large);
    if (byte < 0x80) {
      state_ = State::body;
      return {};
    }
  }
  return {};
}

base::ByteView LengthDelimitedReader::take_body(base::ByteView& data) {
  const std::size_t missing = length_ - buffer_.size();
  const base::ByteView part = data.first(std::min(missing, data.size()));
  data = data.subspan(part.size());
  const bool complete = part.size() == missing;
  const bool in_place = complete && buffer_.empty();
  if (!in_place) gather(part);
  if (!complete) return {};
  state_ = State::prefix;
  length_ = 0;
  prefix_bytes_ = 0;
  return in_place ? part : base::ByteView(buffer_);
}

void LengthDelimitedReader::gather(base::ByteView part) {
  const std::size_t needed = buffer_.size() + part.size();
  if (needed > buffer_.capacity()) {
    const std::size_t doubled = std::max(needed, 2 * buffer_.capacity());
    buffer_.reserve(needed >= kReserveWhole ? length_ : std::min<std::size_t>(length_, doubled));
  }
  base::append(buffer_, part);
}

void LengthDelimitedReader::release() {
  if (buffer_.capacity() != 0) buffer_ = base::Bytes();
}

}  // namespace mexport::wire
