// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "monitor/privacy.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace mexport::monitor {

/// How the event clock stands to the machine's wall clock.
struct ClockState {
  std::uint64_t steps = 0;                ///< times that the wall clock was set during the run
  std::chrono::nanoseconds last_step{0};  ///< by how much, the last time
  std::chrono::nanoseconds ahead{0};      ///< event time minus wall time at the last sample
};

/// Who records, and how: the first line of each trace file. Our own ids and addresses are shown as
/// those of others are.
struct RunInfo {
  std::string version;             ///< of the program
  std::string run_id;              ///< new with each start; sequences start anew with it
  std::string configuration_hash;  ///< of the effective configuration without secrets
  std::string monitor_name;
  std::string contact{};  ///< whom to ask about it, as in the agent version; may be empty
  PrivacyInfo privacy{};
  std::vector<std::string> peer_ids;      ///< our nodes', base58btc
  std::vector<std::string> listen_addrs;  ///< multiaddr texts
  base::WallTime started_at;
  ClockState clock;
};

/// 128 random bits as 32 hex digits.
std::string make_run_id(base::Random& random);

}  // namespace mexport::monitor
