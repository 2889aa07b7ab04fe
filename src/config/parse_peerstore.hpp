// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

#include <cstdint>

namespace mexport::config {

inline constexpr std::int64_t kMaxStoredPeers = 100'000'000;
inline constexpr std::uint64_t kMinPeerstoreBytes = 1 << 20;

/// `Peerstore` of the plugin's section.
void read_peerstore(Section section, Peerstore& peerstore, Report& report);

}  // namespace mexport::config
