// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>

/// Each Noise message follows its length, 2 bytes big-endian (libp2p specs: noise/README.md, wire
/// format).
namespace mexport::libp2p::noise {

inline constexpr std::size_t kLengthSize = 2;
inline constexpr std::size_t kMaxMessage = 65535;

/// Pre-condition: at least kLengthSize bytes.
inline std::size_t read_length(base::ByteView in) {
  return std::size_t{in[0]} << 8 | in[1];
}

inline void write_length(std::size_t length, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(length >> 8);
  out[1] = static_cast<std::uint8_t>(length);
}

/// The format of a frame for FrameReader; any length is legal.
struct LengthPrefix {
  static constexpr std::size_t kHeader = kLengthSize;
  static base::Result<std::size_t> frame_size(base::ByteView header) {
    return kLengthSize + read_length(header);
  }
};

}  // namespace mexport::libp2p::noise
