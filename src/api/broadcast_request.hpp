// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/cid.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mexport::api {

/// The largest body of a broadcast that is read; the reference takes 8 MiB and more.
inline constexpr std::size_t kMaxBroadcastBody = 16 << 20;
/// How deep values may be nested; beyond it a body is refused.
inline constexpr std::size_t kMaxJsonDepth = 256;

/// What a broadcast asks for.
struct BroadcastRequest {
  std::vector<multiformats::Cid> cids;      ///< as given: repeated ones too
  std::uint32_t seconds_before_cancel = 0;  ///< 0 when not given
};

/// Whether `seconds_before_cancel` is looked at, or an unknown key as any other.
enum class Seconds : std::uint8_t { ignored, wanted };

/// Reads the body of a broadcast as the reference does (Go: encoding/json, and go-cid's own form):
/// keys in any case, unknown and repeated ones, `null`, and what stands behind the value are
/// fine; each CID is an object with a text `/`. nullopt: `invalid request`. Other than the
/// reference's, a CID that is `null` is none.
std::optional<BroadcastRequest> parse_broadcast(std::string_view body, Seconds seconds);

}  // namespace mexport::api
