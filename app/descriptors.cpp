// SPDX-License-Identifier: MIT
#include "app/descriptors.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace mexport::app {

DescriptorLimit raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  rlimit raised = limit;
  raised.rlim_cur = raised.rlim_max;
  const bool done = ::setrlimit(RLIMIT_NOFILE, &raised) == 0;
  return {.before = limit.rlim_cur, .now = done ? raised.rlim_cur : limit.rlim_cur};
}

ConnectionRoom connection_room(std::size_t descriptors, std::size_t shards, std::size_t dials) {
  const std::size_t wanted =
      kKeptForFiles + kKeptForHttp + kKeptForListeners + shards * kKeptPerShard + dials;
  const std::size_t kept = std::min(wanted, descriptors / 2);
  return {.kept = kept, .connections = descriptors - kept};
}

std::size_t connection_limit(std::size_t configured, const ConnectionRoom& room) {
  return std::min(configured == 0 ? kMaxDerivedConnections : configured, room.connections);
}

}  // namespace mexport::app
