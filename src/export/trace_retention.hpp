// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/disk.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

/// For how long, and up to which size, trace files are kept. Nothing set: for ever.
struct RetentionLimits {
  std::optional<std::chrono::seconds> max_age{};
  std::optional<std::uint64_t> max_bytes{};    ///< of all files together
  std::optional<std::uint32_t> max_percent{};  ///< the same, of the file system's size

  bool any() const { return max_age || max_bytes || max_percent; }
};

/// What was removed, and what was not.
struct RetentionReport {
  std::vector<std::string> too_old;   ///< names, the oldest first
  std::vector<std::string> too_much;  ///< the same
  std::uint64_t bytes = 0;            ///< of both
  std::vector<std::string> failed;    ///< names of files that could not be removed
  std::size_t doubtful = 0;           ///< too old, if the clock were right
};

/// Removes the oldest trace files of one directory. Only files with a trace's name count, by the
/// time in it; never one that is being written, and nothing in subfolders.
///
/// An age is believed only while the trace itself vouches for the clock: one of its files has to
/// have been begun between one and two days ago (less where files are kept for less than two days).
/// So a clock that jumps forward takes no more with it than a jump of two days would, until it has
/// stood for a day, and nor does the start after a long pause.
class TraceRetention {
 public:
  /// `rotate_interval` is the longest time between the beginnings of two files. `disk` outlives it.
  TraceRetention(RetentionLimits limits, std::chrono::seconds rotate_interval,
                 std::string directory, Disk& disk)
      : limits_(limits),
        rotate_interval_(rotate_interval),
        directory_(std::move(directory)),
        disk_(disk) {}

  bool enabled() const { return limits_.any(); }
  const RetentionLimits& limits() const { return limits_; }

  /// Removes what is over the limits at `now`. `current` is the name of our own file. Fails when
  /// the directory cannot be listed; what cannot be removed is in the report.
  base::Result<RetentionReport> enforce(base::WallTime now, std::string_view current);

 private:
  struct File;

  base::Result<std::vector<File>> list(std::string_view current);
  bool vouched(const std::vector<File>& files, base::WallTime now) const;
  void remove_old(std::vector<File>& files, base::WallTime now, RetentionReport& report);
  void remove_surplus(std::vector<File>& files, std::uint64_t limit, RetentionReport& report);
  std::optional<std::uint64_t> byte_limit();
  bool remove(File& file, RetentionReport& report);

  const RetentionLimits limits_;
  const std::chrono::seconds rotate_interval_;
  const std::string directory_;
  Disk& disk_;
};

}  // namespace mexport::exporter
