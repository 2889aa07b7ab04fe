// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/peerstore/peer_sighting.hpp"

#include "storage/database.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::exporter {

/// What is known of a peer, put together from all its events.
struct KnownPeer {
  std::int64_t id = 0;  ///< its place in the order in which they came; never given again
  PeerSighting last;    ///< of each part the newest that was told
  base::WallTime seen;  ///< when an event told of it last
};

struct PeerstoreLimits {
  std::uint64_t max_peers = 200'000;
  std::uint64_t max_bytes = std::uint64_t{256} << 20;    ///< of the file
  std::chrono::seconds max_age = std::chrono::days(30);  ///< since they were seen last
};

/// The file of a peer store: one SQLite table. Errors are those of storage::Error; after `damaged`
/// it is of no more use. Of one thread at a time.
class PeerTable {
 public:
  /// Makes the file where there is none. One that was written under other privacy settings is
  /// emptied, since it may hold what must not be shown now; `emptied` tells it.
  static base::Result<PeerTable> open(const std::string& path, std::string_view privacy,
                                      bool& emptied);

  /// All or none of them. Then those go that exceed the limits, the longest unseen first.
  base::Status update(std::span<const PeerSighting> sightings, base::WallTime now,
                      const PeerstoreLimits& limits);

  base::Result<std::optional<KnownPeer>> find(std::string_view peer);
  /// In the order of their ids: the first `count` with an id in (after, through].
  base::Result<std::vector<KnownPeer>> list(std::int64_t after, std::int64_t through,
                                            std::size_t count);

  std::uint64_t peers() const { return peers_; }
  std::int64_t last_id() const { return last_id_; }
  base::Result<std::uint64_t> bytes();

 private:
  enum Query : std::uint8_t {
    update_query,
    find_query,
    list_query,
    remove_query,
    page_count_query,
    free_pages_query,
  };

  explicit PeerTable(storage::Database database) : database_(std::move(database)) {}
  base::Status make();
  base::Status settle_privacy(std::string_view privacy, bool& emptied);
  base::Status prepare();
  base::Status put(const PeerSighting& sighting, base::WallTime now);
  base::Status trim(base::WallTime now, const PeerstoreLimits& limits);
  /// The longest unseen of those not seen since: at most `count`; tells how many there were.
  base::Result<std::uint64_t> remove(base::WallTime since, std::uint64_t count);
  base::Result<std::int64_t> integer(Query name);
  /// After reset(), for new parameters.
  storage::Statement& query(Query name);

  storage::Database database_;
  std::vector<storage::Statement> statements_;  // by Query; behind the database: they go first
  std::uint64_t peers_ = 0;
  std::int64_t last_id_ = 0;
};

}  // namespace mexport::exporter
