// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace mexport::exporter {

/// Which events to show; an empty set means all.
struct TraceFilter {
  std::set<std::string, std::less<>> kinds;
  std::set<std::string, std::less<>> peers;

  /// A line that is no event matches an empty filter only.
  bool matches(std::string_view line) const;
};

/// Gets each line, without newline; false ends the reading.
using LineCallback = std::function<bool(std::string_view line)>;
/// Gets what is wrong with a file.
using TraceWarning = std::function<void(const std::string& path, std::string_view what)>;

/// Gives the lines of files and directories, in order. Fails when a path cannot be read; a damaged
/// file gives what can be read of it and a warning, one that is being written just its lines, one
/// that is removed meanwhile a warning.
base::Status cat_traces(Disk& disk, std::span<const std::string> paths, const TraceFilter& filter,
                        const LineCallback& on_line, const TraceWarning& on_warning);

/// Gives the lines of files and directories (and their subfolders), then goes on with what is
/// written to the last file of each directory and to the files that follow it, until `on_line` or
/// `wait` returns false. A file stands for itself and those that follow it in its directory; it
/// must have a trace's name (invalid_argument). `wait` is called whenever there is nothing new: it
/// should sleep some 100 ms.
base::Status follow_traces(Disk& disk, std::span<const std::string> paths,
                           const TraceFilter& filter, const LineCallback& on_line,
                           const std::function<bool()>& wait);

}  // namespace mexport::exporter
