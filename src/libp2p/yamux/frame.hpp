// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mexport::libp2p::yamux {

inline constexpr std::size_t kHeaderSize = 12;
/// What each side may send on a new stream before it hears of a larger window.
inline constexpr std::uint32_t kInitialWindow = 256 * 1024;
/// Largest data frame that we send, as go-yamux does; the peer's are bounded by the window alone.
inline constexpr std::size_t kMaxFrameSize = 64 * 1024;
inline constexpr std::size_t kMaxFramePayload = kMaxFrameSize - kHeaderSize;

enum class FrameType : std::uint8_t {
  data = 0,           ///< length: payload bytes that follow
  window_update = 1,  ///< length: window delta; with RST a stream error code
  ping = 2,           ///< length: opaque value
  go_away = 3,        ///< length: why
};

/// Bits of Header::flags. SYN opens (or queries), ACK accepts (or answers), FIN half-closes, RST
/// ends.
enum Flag : std::uint16_t { kSyn = 1, kAck = 2, kFin = 4, kRst = 8 };

/// The 12 bytes before each frame, big-endian on the wire (hashicorp/yamux: spec.md).
struct Header {
  FrameType type = FrameType::data;
  std::uint16_t flags = 0;
  std::uint32_t stream_id = 0;
  std::uint32_t length = 0;

  bool has(Flag flag) const { return (flags & flag) != 0; }
  bool operator==(const Header&) const = default;
};

std::array<std::uint8_t, kHeaderSize> encode(const Header& header);
void append_header(base::Bytes& out, const Header& header);
/// Errors: wrong_version, unknown_type. Unknown flag bits are kept.
base::Result<Header> decode(std::span<const std::uint8_t, kHeaderSize> bytes);

}  // namespace mexport::libp2p::yamux
