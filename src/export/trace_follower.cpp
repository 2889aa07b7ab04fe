// SPDX-License-Identifier: MIT
#include "export/trace_follower.hpp"

#include "export/trace_files.hpp"

#include <utility>

namespace mexport::exporter {

TraceFollower::TraceFollower(Disk& disk, std::string directory, std::string first_stem)
    : disk_(disk), directory_(std::move(directory)), stem_(std::move(first_stem)) {}

base::Result<std::optional<std::string_view>> TraceFollower::next() {
  for (;;) {
    if (reader_) {
      auto line = reader_->next();
      if (!line || *line) {
        superseded_ = false;
        return line;
      }
      // A file that is not whole may still grow, unless its writer has gone on to another one. It
      // is looked at once more then: the last lines may have come in between.
      if (reader_->end() == TraceEnd::unfinished && !superseded_) {
        const auto files = disk_.list(directory_);
        if (!files) return base::fail(files.error());
        for (const auto& file : *files) {
          const auto stem = stem_of(file.name);
          if (stem && !file.directory && *stem > stem_) superseded_ = true;
        }
        if (!superseded_) return std::nullopt;
        continue;
      }
    }
    const auto opened = open_next();
    if (!opened) return base::fail(opened.error());
    if (!*opened) return std::nullopt;
  }
}

/// The first file after the current one.
base::Result<bool> TraceFollower::open_next() {
  const auto files = disk_.list(directory_);
  if (!files) return base::fail(files.error());
  std::string_view best_stem;
  std::string_view best_name;
  for (const auto& file : *files) {
    const auto stem = stem_of(file.name);
    if (!stem || file.directory) continue;
    if (reader_ ? *stem <= stem_ : *stem < stem_) continue;
    const bool better =
        best_stem.empty() || *stem < best_stem || (*stem == best_stem && !is_unfinished(file.name));
    if (!better) continue;
    best_stem = *stem;
    best_name = file.name;
  }
  if (best_stem.empty()) return false;
  auto opened = TraceReader::open_listed(disk_, join_path(directory_, best_name));
  if (!opened) return base::fail(opened.error());
  if (!*opened) return false;  // removed since; the next look finds what follows it
  reader_ = std::move(**opened);
  stem_ = best_stem;
  superseded_ = false;
  return true;
}

}  // namespace mexport::exporter
