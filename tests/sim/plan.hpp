// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/privacy.hpp"
#include "tests/sim/monitor_process.hpp"
#include "tests/sim/network.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace mexport::sim {

/// What of its peers the monitor may record.
struct PrivacyPlan {
  monitor::AddressDetail addresses = monitor::AddressDetail::full;
  bool keyed = false;
  std::size_t excluded_identities = 0;  ///< the first ones
  bool excluded_subnets = false;        ///< those of the first hosts
};

/// What a seed chooses: how many, how long, and what goes wrong. Means of 0 say that it does not.
struct Plan {
  std::size_t peers = 0;
  std::size_t listening_peers = 0;  ///< of them, those that the monitor dials
  std::size_t intruders = 0;
  std::size_t identities = 0;  ///< fewer than peers: some have several connections
  std::size_t peers_per_host = 1;
  std::uint32_t ip6 = 0;        ///< peers of a thousand
  std::uint32_t tls_first = 0;  ///< the same
  std::uint32_t tls_only = 0;   ///< the same
  PrivacyPlan privacy;
  std::chrono::milliseconds mean_pause{1'000};
  std::uint32_t big_messages = 0;
  std::chrono::seconds duration{120};
  MonitorOptions monitor;

  std::uint32_t fragmented = 0;  ///< links of a thousand whose reads are small
  std::uint32_t slow = 0;        ///< links of a thousand with little bandwidth
  DialFaults dial_faults;
  std::chrono::milliseconds mean_link_fault{0};
  std::chrono::milliseconds mean_disk_fault{0};
  std::chrono::milliseconds mean_clock_step{0};
  std::chrono::milliseconds mean_hold_up{0};  ///< of the export and the sink thread
  std::chrono::milliseconds mean_probe{0};    ///< between requests that ask all peers
  bool serves = false;                        ///< the monitor has blocks
  std::uint32_t crashes = 0;
  std::uint32_t restarts = 0;

  static Plan of(std::uint64_t seed);
  std::string to_string() const;
};

}  // namespace mexport::sim
