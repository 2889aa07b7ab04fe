// SPDX-License-Identifier: MIT
#include "export/trace_retention.hpp"

#include "export/trace_files.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mexport::exporter {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestDoubt = std::chrono::hours(24);
constexpr std::uint64_t kPercent = 100;

}  // namespace

struct TraceRetention::File {
  std::string name;
  base::WallTime begun;
  std::uint64_t size = 0;
  bool kept = false;  // being written, gone, or not to be removed
};

base::Result<RetentionReport> TraceRetention::enforce(base::WallTime now,
                                                      std::string_view current) {
  auto files = list(current);
  if (!files) return base::fail(files.error());
  RetentionReport report;
  remove_old(*files, now, report);
  if (const auto limit = byte_limit()) remove_surplus(*files, *limit, report);
  return report;
}

/// The oldest first.
base::Result<std::vector<TraceRetention::File>> TraceRetention::list(std::string_view current) {
  const auto entries = disk_.list(directory_);
  if (!entries) return base::fail(entries.error());
  std::vector<File> files;
  for (const auto& entry : *entries) {
    if (entry.directory) continue;
    const auto begun = time_of_trace(entry.name);
    if (!begun) continue;
    const auto path = join_path(directory_, entry.name);
    const bool in_use =
        entry.name == current || (is_unfinished(entry.name) && disk_.in_use(path).value_or(true));
    files.push_back({.name = entry.name,
                     .begun = *begun,
                     .size = disk_.file_size(path).value_or(0),
                     .kept = in_use});
  }
  std::ranges::sort(files, {}, &File::name);
  return files;
}

bool TraceRetention::vouched(const std::vector<File>& files, base::WallTime now) const {
  const auto doubt = std::min(kLongestDoubt, *limits_.max_age / 2);
  const auto until = now - doubt;
  const auto from = until - std::max(doubt, rotate_interval_);
  return std::ranges::any_of(
      files, [&](const File& file) { return file.begun >= from && file.begun <= until; });
}

void TraceRetention::remove_old(std::vector<File>& files, base::WallTime now,
                                RetentionReport& report) {
  if (!limits_.max_age) return;
  const bool believed = vouched(files, now);
  for (auto& file : files) {
    if (file.kept || file.begun > now - *limits_.max_age) continue;
    if (!believed) {
      ++report.doubtful;
    } else if (remove(file, report)) {
      report.too_old.push_back(file.name);
    }
  }
}

void TraceRetention::remove_surplus(std::vector<File>& files, std::uint64_t limit,
                                    RetentionReport& report) {
  auto total = std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                               [](std::uint64_t sum, const File& file) { return sum + file.size; });
  for (auto& file : files) {
    if (total <= limit) return;
    if (file.kept) continue;
    const auto size = file.size;
    if (!remove(file, report)) continue;
    report.too_much.push_back(file.name);
    total -= size;
  }
}

std::optional<std::uint64_t> TraceRetention::byte_limit() {
  if (limits_.max_bytes) return limits_.max_bytes;
  if (!limits_.max_percent) return std::nullopt;
  const auto space = disk_.space(directory_);
  if (!space) return std::nullopt;
  return space->total / kPercent * *limits_.max_percent;
}

bool TraceRetention::remove(File& file, RetentionReport& report) {
  file.kept = true;
  const auto status = disk_.remove(join_path(directory_, file.name));
  if (!status && status.error() != std::errc::no_such_file_or_directory) {
    report.failed.push_back(file.name);
    return false;
  }
  report.bytes += std::exchange(file.size, 0);
  return true;
}

}  // namespace mexport::exporter
