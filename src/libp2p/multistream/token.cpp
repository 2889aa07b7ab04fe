// SPDX-License-Identifier: MIT
#include "libp2p/multistream/token.hpp"

#include "libp2p/multistream/error.hpp"

#include <algorithm>

namespace mexport::libp2p::multistream {
namespace {

struct Extent {
  std::size_t prefix;  // bytes of the length
  std::size_t text;    // bytes of the text with its newline
};

// Two bytes of uvarint hold every length up to kMaxTokenSize.
base::Result<std::optional<Extent>> measure(base::ByteView bytes) {
  if (bytes.empty()) return std::nullopt;
  if (bytes[0] == 0) return base::fail(Error::malformed_token);
  if (bytes[0] < 0x80) return Extent{1, bytes[0]};
  if (bytes.size() < 2) return std::nullopt;
  if (bytes[1] == 0) return base::fail(Error::malformed_token);
  const std::size_t length = (bytes[0] & 0x7FU) | static_cast<std::size_t>(bytes[1]) << 7;
  if (bytes[1] >= 0x80 || length > kMaxTokenSize) return base::fail(Error::token_too_long);
  return Extent{2, length};
}

base::Result<std::optional<std::string_view>> without_newline(base::ByteView text) {
  if (text.back() != '\n') return base::fail(Error::malformed_token);
  return base::as_text(text.first(text.size() - 1));
}

void move_front(base::ByteView& in, std::size_t size, base::Bytes& out) {
  size = std::min(size, in.size());
  base::append(out, in.first(size));
  in = in.subspan(size);
}

}  // namespace

void append_token(base::Bytes& out, std::string_view text) {
  const std::size_t length = text.size() + 1;
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else {
    out.push_back(static_cast<std::uint8_t>(0x80U | (length & 0x7FU)));
    out.push_back(static_cast<std::uint8_t>(length >> 7));
  }
  base::append(out, base::as_bytes(text));
  out.push_back('\n');
}

base::Result<std::optional<std::string_view>> TokenReader::next(base::ByteView& in) {
  if (complete_) {
    partial_.clear();
    complete_ = false;
  }
  if (partial_.empty()) {
    const auto extent = measure(in);
    if (!extent) return base::fail(extent.error());
    if (*extent && in.size() >= (*extent)->prefix + (*extent)->text) {
      const base::ByteView text = in.subspan((*extent)->prefix, (*extent)->text);
      in = in.subspan((*extent)->prefix + (*extent)->text);
      return without_newline(text);
    }
  }
  return next_from_partial(in);
}

base::Result<std::optional<std::string_view>> TokenReader::next_from_partial(base::ByteView& in) {
  while (true) {
    const auto extent = measure(partial_);
    if (!extent) return base::fail(extent.error());
    if (in.empty()) return std::nullopt;
    if (!*extent) {
      move_front(in, 1, partial_);
      continue;
    }
    const std::size_t size = (*extent)->prefix + (*extent)->text;
    move_front(in, size - partial_.size(), partial_);
    if (partial_.size() == size) {
      complete_ = true;
      return without_newline(base::ByteView(partial_).subspan((*extent)->prefix));
    }
  }
}

}  // namespace mexport::libp2p::multistream
