// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mexport::exporter {

struct TraceStatistics {
  std::uint64_t files = 0;
  std::uint64_t lines = 0;
  std::uint64_t malformed = 0;
  std::uint64_t broken_files = 0;
  std::map<std::string, std::uint64_t> events;  ///< by kind
  std::uint64_t peers = 0;                      ///< distinct, of all events that tell of peers
  std::uint64_t wantlist_entries = 0;
  std::uint64_t wants = 0;  ///< entries that are no cancels
  std::uint64_t cancels = 0;
  std::uint64_t blocks = 0;
  std::uint64_t block_presences = 0;
  std::uint64_t cids = 0;                ///< distinct over all lists, by a 64-bit hash
  std::uint64_t lost = 0;                ///< that gap events report
  std::optional<std::int64_t> first_ns;  ///< of such events, nanoseconds since 1970
  std::optional<std::int64_t> last_ns;
  /// Peers by the agent version they showed last, the most frequent first. JSON text: escapes as
  /// they stand, so that it can be printed.
  std::vector<std::pair<std::string, std::uint64_t>> agents;

  double seconds() const;
  /// Per second over the whole span; 0 when it has no length.
  double events_per_second() const;
  double entries_per_second() const;
};

/// Fails when a path cannot be read.
base::Result<TraceStatistics> trace_statistics(Disk& disk, std::span<const std::string> paths,
                                               std::size_t top_agents = 20);

}  // namespace mexport::exporter
