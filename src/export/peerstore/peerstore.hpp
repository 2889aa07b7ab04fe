// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "export/peerstore/peer_table.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

/// The peers that were seen, in a file that outlives the run. It is a convenience and no record:
/// when the disk fails the node goes on without it, a file that is broken is set aside and begun
/// anew, and a process that is killed loses the last moments. Thread-safe.
class Peerstore {
 public:
  struct Options {
    std::string path{};
    PeerstoreLimits limits{};
    /// What is recorded of people, as one text: under other settings the file is emptied.
    std::string privacy{};
  };
  struct Statistics {
    std::uint64_t peers = 0;
    std::uint64_t bytes = 0;   ///< in use in the file
    std::uint64_t errors = 0;  ///< of the file, so far
  };

  /// Opens the file. What is wrong with it is logged, and tried again at the next update.
  Peerstore(Options options, base::Logger log);

  base::Status update(std::span<const PeerSighting> sightings, base::WallTime now);

  /// nullopt too when the file cannot be read.
  std::optional<KnownPeer> find(std::string_view peer);
  /// In the order of their ids: the first `count` with an id in (after, through]. None too when the
  /// file cannot be read.
  std::vector<KnownPeer> list(std::int64_t after, std::int64_t through, std::size_t count);
  /// The highest id that was given.
  std::int64_t last_id() const;

  Statistics statistics();

 private:
  // All with the lock held.
  base::Status ready();
  base::Status open();
  base::Status set_aside(std::error_code reason);
  /// Runs what works on the open file.
  template <class Work>
  auto with_table(Work work) -> decltype(work(std::declval<PeerTable&>()));
  void note(std::error_code error);

  const Options options_;
  base::Logger log_;
  mutable std::mutex mutex_;
  std::optional<PeerTable> table_;
  std::uint64_t errors_ = 0;
  bool failing_ = false;  // said so already
};

}  // namespace mexport::exporter
