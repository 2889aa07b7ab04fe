// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "export/disk.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter {

inline constexpr std::string_view kTraceSuffix = ".json.gz";
inline constexpr std::string_view kUnfinishedSuffix = ".json.gz.tmp";
/// Of the copy that is made of a leftover.
inline constexpr std::string_view kPartialSuffix = ".json.gz.partial";

/// "YYYY-MM-DD_HH-MM-SS_UTC", the name of a trace file that is created at `time`, without suffix.
std::string trace_stem(base::WallTime time);

/// The name without its suffix when it is that of a trace file, finished or not.
std::optional<std::string_view> stem_of(std::string_view name);
/// When a file with that name was begun; nullopt for what is no trace's name or no date.
std::optional<base::WallTime> time_of_trace(std::string_view name);
bool is_unfinished(std::string_view name);

/// Joins with one slash.
std::string join_path(std::string_view directory, std::string_view name);

/// The trace files of a directory in the order of their times, then those of its subfolders (one
/// per monitor) in the order of their names. Full paths.
base::Result<std::vector<std::string>> list_traces(Disk& disk, const std::string& directory);

/// What a command line names: files as they are, directories as list_traces() gives them.
base::Result<std::vector<std::string>> expand_traces(Disk& disk,
                                                     std::span<const std::string> paths);

}  // namespace mexport::exporter
