// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace mexport::exporter {

/// What writers that were killed left in a directory.
struct TraceLeftovers {
  std::vector<std::string> unfinished;  ///< names of `.tmp` files that nobody writes
  std::vector<std::string> partial;     ///< copies of such that were not completed
};
base::Result<TraceLeftovers> find_leftovers(Disk& disk, const std::string& directory);

/// Removes the partial copies.
base::Status remove_partial(Disk& disk, const std::string& directory,
                            const TraceLeftovers& leftovers);

/// Puts the complete lines of the unfinished file `name` into a proper trace file; the original
/// goes when that is durable, or when it holds no line. Can be repeated after a crash at any point.
/// When `cancel` becomes true the original is left as it is (operation_canceled).
base::Status complete_leftover(Disk& disk, const std::string& directory, const std::string& name,
                               const std::atomic<bool>& cancel);

}  // namespace mexport::exporter
