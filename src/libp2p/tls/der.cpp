// SPDX-License-Identifier: MIT
#include "libp2p/tls/der.hpp"

#include <cstddef>

namespace mexport::libp2p::tls::der {
namespace {

constexpr std::uint8_t kLongTag = 0x1f;
constexpr std::size_t kMaxLengthBytes = 3;

/// Takes a length off the front of `in`.
std::optional<std::size_t> read_length(base::ByteView& in) {
  if (in.empty()) return std::nullopt;
  const std::uint8_t first = in[0];
  in = in.subspan(1);
  if (first < 0x80) return first;
  const std::size_t count = first & 0x7fU;
  if (count == 0 || count > kMaxLengthBytes || in.size() < count || in[0] == 0) {
    return std::nullopt;
  }
  std::size_t length = 0;
  for (const auto byte : in.first(count)) length = length << 8 | byte;
  in = in.subspan(count);
  if (length < 0x80) return std::nullopt;
  return length;
}

}  // namespace

std::optional<Element> Reader::next() {
  if (rest_.empty() || (rest_[0] & kLongTag) == kLongTag) return std::nullopt;
  auto behind = rest_.subspan(1);
  const auto length = read_length(behind);
  if (!length || behind.size() < *length) return std::nullopt;
  const auto size = rest_.size() - behind.size() + *length;
  const Element element{rest_[0], behind.first(*length), rest_.first(size)};
  rest_ = rest_.subspan(size);
  return element;
}

std::optional<Element> Reader::next(Tag tag) {
  if (rest_.empty() || rest_[0] != static_cast<std::uint8_t>(tag)) return std::nullopt;
  return next();
}

std::optional<Element> only(base::ByteView in, Tag tag) {
  Reader reader(in);
  const auto element = reader.next(tag);
  return reader.at_end() ? element : std::nullopt;
}

void append(base::Bytes& out, Tag tag, base::ByteView contents) {
  const auto size = contents.size();
  out.push_back(static_cast<std::uint8_t>(tag));
  if (size >= 0x100) {
    out.push_back(0x82);
    out.push_back(static_cast<std::uint8_t>(size >> 8));
  } else if (size >= 0x80) {
    out.push_back(0x81);
  }
  out.push_back(static_cast<std::uint8_t>(size));
  base::append(out, contents);
}

}  // namespace mexport::libp2p::tls::der
