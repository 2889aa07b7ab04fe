// SPDX-License-Identifier: MIT
#include "libp2p/yamux/frame.hpp"

#include "libp2p/yamux/error.hpp"

namespace mexport::libp2p::yamux {
namespace {

constexpr std::uint8_t kVersion = 0;

std::uint8_t byte_of(std::uint32_t value, unsigned shift) {
  return static_cast<std::uint8_t>(value >> shift);
}

std::uint32_t load_be32(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         std::uint32_t{at[3]};
}

}  // namespace

std::array<std::uint8_t, kHeaderSize> encode(const Header& header) {
  const std::uint32_t id = header.stream_id;
  const std::uint32_t length = header.length;
  return {kVersion,
          static_cast<std::uint8_t>(header.type),
          byte_of(header.flags, 8),
          byte_of(header.flags, 0),
          byte_of(id, 24),
          byte_of(id, 16),
          byte_of(id, 8),
          byte_of(id, 0),
          byte_of(length, 24),
          byte_of(length, 16),
          byte_of(length, 8),
          byte_of(length, 0)};
}

void append_header(base::Bytes& out, const Header& header) {
  base::append(out, encode(header));
}

base::Result<Header> decode(std::span<const std::uint8_t, kHeaderSize> bytes) {
  if (bytes[0] != kVersion) return base::fail(Error::wrong_version);
  if (bytes[1] > static_cast<std::uint8_t>(FrameType::go_away)) {
    return base::fail(Error::unknown_type);
  }
  return Header{.type = static_cast<FrameType>(bytes[1]),
                .flags = static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]),
                .stream_id = load_be32(&bytes[4]),
                .length = load_be32(&bytes[8])};
}

}  // namespace mexport::libp2p::yamux
