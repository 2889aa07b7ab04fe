// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/section.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mexport::config {

inline constexpr std::int64_t kMaxHeartbeat = 600;  ///< seconds
inline constexpr std::int64_t kMaxWindow = 10'000;
inline constexpr std::uint64_t kMinSpoolBytes = 1 << 20;
inline constexpr std::int64_t kMaxReplayRate = 1'000'000;

/// `AMQPServerAddress`, `AMQP` and `Spool` of the plugin's section. What is no address is an error
/// that says why and does not repeat it.
void read_export(Section& section, Monitor& monitor, Report& report);

/// The keys of `AMQP` and of `Spool`; what else stands there is its reader's.
void read_amqp(Section& section, Amqp& amqp, Report& report);
void read_spool(Section section, Spool& spool, Report& report);
/// How many brokers all the texts name together.
std::size_t count_brokers(const std::vector<std::string>& servers);

}  // namespace mexport::config
