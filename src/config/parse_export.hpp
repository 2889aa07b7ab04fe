// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

#include <cstdint>

namespace mexport::config {

inline constexpr std::int64_t kMaxHeartbeat = 600;  ///< seconds
inline constexpr std::int64_t kMaxWindow = 10'000;
inline constexpr std::uint64_t kMinSpoolBytes = 1 << 20;
inline constexpr std::int64_t kMaxReplayRate = 1'000'000;

/// `AMQPServerAddress`, `AMQP` and `Spool` of the plugin's section. What is no address is an error
/// that says why and does not repeat it.
void read_export(Section& section, Monitor& monitor, Report& report);

}  // namespace mexport::config
