// SPDX-License-Identifier: MIT
#include "service/watched_host.hpp"

#include <algorithm>
#include <utility>

namespace mexport::service {

monitor::HostStatistics WatchedHost::statistics() {
  const std::lock_guard lock(mutex_);
  auto statistics = host_.statistics();
  statistics.loop_latency_seconds =
      std::max(statistics.loop_latency_seconds, std::exchange(latency_seen_, 0));
  return statistics;
}

monitor::HostStatistics WatchedHost::glance() {
  const std::lock_guard lock(mutex_);
  auto statistics = host_.statistics();
  latency_seen_ = std::max(latency_seen_, statistics.loop_latency_seconds);
  return statistics;
}

}  // namespace mexport::service
