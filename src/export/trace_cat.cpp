// SPDX-License-Identifier: MIT
#include "export/trace_cat.hpp"

#include "export/trace_files.hpp"
#include "export/trace_follower.hpp"
#include "export/trace_line.hpp"
#include "export/trace_reader.hpp"

#include <vector>

namespace mexport::exporter {
namespace {

/// False when the callback wants no more.
base::Result<bool> cat_file(Disk& disk, const std::string& path, const TraceFilter& filter,
                            const LineCallback& on_line, const TraceWarning& on_warning) {
  auto opened = TraceReader::open_listed(disk, path);
  if (!opened) return base::fail(opened.error());
  if (!*opened) {
    on_warning(path, "has been removed meanwhile");
    return true;
  }
  auto& reader = *opened;
  for (;;) {
    const auto line = reader->next();
    if (!line) return base::fail(line.error());
    if (!*line) break;
    if (filter.matches(**line) && !on_line(**line)) return false;
  }
  const bool cut_off = reader->end() == TraceEnd::unfinished && !is_unfinished(path);
  if (reader->end() == TraceEnd::broken) on_warning(path, "damaged: the rest cannot be read");
  if (cut_off) on_warning(path, "ends before its end: it has been cut off");
  return true;
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return path.substr(0, slash == 0 ? 1 : slash);
}

base::Status add_followers(Disk& disk, const std::string& path,
                           std::vector<TraceFollower>& followers) {
  const auto directory = disk.is_directory(path);
  if (!directory) return base::fail(directory.error());
  if (!*directory) {
    const auto parent = directory_of(path);
    const auto name = path.substr(path.rfind('/') + 1);
    const auto stem = stem_of(name);
    if (!stem) return base::fail(std::make_error_code(std::errc::invalid_argument));
    followers.emplace_back(disk, parent, std::string(*stem));
    return {};
  }
  const auto entries = disk.list(path);
  if (!entries) return base::fail(entries.error());
  followers.emplace_back(disk, path);
  for (const auto& entry : *entries) {
    if (entry.directory) followers.emplace_back(disk, join_path(path, entry.name));
  }
  return {};
}

enum class Outcome : std::uint8_t { idle, progress, end };

base::Result<Outcome> drain(TraceFollower& follower, const TraceFilter& filter,
                            const LineCallback& on_line) {
  auto outcome = Outcome::idle;
  for (;;) {
    const auto line = follower.next();
    if (!line) return base::fail(line.error());
    if (!*line) return outcome;
    outcome = Outcome::progress;
    if (filter.matches(**line) && !on_line(**line)) return Outcome::end;
  }
}

}  // namespace

bool TraceFilter::matches(std::string_view line) const {
  if (kinds.empty() && peers.empty()) return true;
  const auto parts = parse_trace_line(line);
  if (!parts) return false;
  return (kinds.empty() || kinds.contains(parts->kind)) &&
         (peers.empty() || peers.contains(parts->peer));
}

base::Status cat_traces(Disk& disk, std::span<const std::string> paths, const TraceFilter& filter,
                        const LineCallback& on_line, const TraceWarning& on_warning) {
  const auto files = expand_traces(disk, paths);
  if (!files) return base::fail(files.error());
  for (const auto& file : *files) {
    const auto more = cat_file(disk, file, filter, on_line, on_warning);
    if (!more) return base::fail(more.error());
    if (!*more) return {};
  }
  return {};
}

base::Status follow_traces(Disk& disk, std::span<const std::string> paths,
                           const TraceFilter& filter, const LineCallback& on_line,
                           const std::function<bool()>& wait) {
  std::vector<TraceFollower> followers;
  for (const auto& path : paths) {
    if (auto status = add_followers(disk, path, followers); !status) return status;
  }
  for (;;) {
    bool progress = false;
    for (auto& follower : followers) {
      const auto outcome = drain(follower, filter, on_line);
      if (!outcome) return base::fail(outcome.error());
      if (*outcome == Outcome::end) return {};
      progress = progress || *outcome == Outcome::progress;
    }
    if (!progress && !wait()) return {};
  }
}

}  // namespace mexport::exporter
