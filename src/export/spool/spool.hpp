// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "monitor/observation.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

/// One publishing that waits on disk.
struct SpooledBody {
  std::int64_t id = 0;  ///< given by append(), ascending, never used again
  std::string routing_key;
  monitor::EventKind kind = monitor::EventKind::bitswap_message;
  std::string run_id;
  std::uint64_t first = 0;  ///< sequence numbers of its events
  std::uint64_t last = 0;
  std::uint32_t events = 0;
  std::uint64_t uncompressed = 0;  ///< bytes of JSON in `body`
  base::WallTime made;
  std::string note;  ///< the sink's own, kept as it is
  base::Bytes body;  ///< gzip; empty when the disk has damaged it: then it is lost
};

/// How far the bodies of one routing key are through.
struct SpoolCursor {
  std::int64_t id = 0;  ///< of the last body that is through; 0 when it never was in the spool
  std::string run_id;   ///< of that body
  std::uint64_t last = 0;
  friend bool operator==(const SpoolCursor&, const SpoolCursor&) = default;
};

struct SpoolStatistics {
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;  ///< of bodies
  std::uint64_t events = 0;
  std::optional<base::WallTime> oldest;  ///< when the oldest one that waits was made

  friend bool operator==(const SpoolStatistics&, const SpoolStatistics&) = default;
};

/// A bounded queue of publishings on disk, first in first out for each routing key. What append()
/// has taken survives a kill at any instant, and a loss of power too when so opened; so does how
/// far the queue was worked off. Of one thread at a time; calls take as long as the disk does.
///
/// A file that turns out to be broken is moved aside, to `<path>.damaged`, and an empty one takes
/// its place; ids go on where they were.
class Spool {
 public:
  struct Options {
    /// Bodies with what they take on disk beside themselves. The oldest go for the newest.
    std::uint64_t max_bytes = std::uint64_t{1} << 30;
    /// Nothing is added when less than this would stay free on the file system.
    std::uint64_t min_free_bytes = std::uint64_t{64} << 20;
    bool survive_power_loss = true;
  };

  /// What was in a file that had to be moved aside.
  struct Damage {
    std::error_code reason;
    std::string moved_to;
    std::map<std::string, SpoolStatistics> lost;  ///< by routing key; empty when it is not known
  };

  /// Opens or makes the file with its directories. Errors, here and below, are those of
  /// storage::Error; a file that is no good leads to an empty spool and take_damage().
  static base::Result<std::unique_ptr<Spool>> open(const std::string& path, const Options& options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Adds all or none; sets their ids. The result is what had to go for them, oldest first and
  /// without bodies (maybe some of themselves): the caller counts it.
  base::Result<std::vector<SpooledBody>> append(std::span<SpooledBody> bodies);

  /// The oldest of a routing key behind `after_id` and behind the cursor: at most `max_bodies`, and
  /// no more once they hold `max_bytes`.
  base::Result<std::vector<SpooledBody>> oldest(std::string_view routing_key, std::int64_t after_id,
                                                std::size_t max_bodies, std::size_t max_bytes);

  /// Everything of the routing key up to the cursor is through and need not be kept: the cursor is
  /// on disk before anything goes. When the disk is full it holds for this process all the same,
  /// and the next call writes it.
  base::Status pass(std::string_view routing_key, const SpoolCursor& cursor);
  /// As last passed, by an earlier run too.
  std::optional<SpoolCursor> cursor(std::string_view routing_key) const;

  SpoolStatistics statistics() const;
  std::map<std::string, SpoolStatistics> by_routing_key() const;

  /// Once after a file was moved aside: after open(), or a call that failed.
  std::optional<Damage> take_damage();

 private:
  class Impl;
  explicit Spool(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::exporter
