// SPDX-License-Identifier: MIT
#include "export/trace_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace mexport::exporter {
namespace {

/// "0" stands for any digit.
constexpr std::string_view kStemPattern = "0000-00-00_00-00-00_UTC";

bool is_stem(std::string_view text) {
  return std::ranges::equal(text, kStemPattern, [](char c, char pattern) {
    return pattern == '0' ? c >= '0' && c <= '9' : c == pattern;
  });
}

void append_files(const std::string& directory, std::vector<std::string> names,
                  std::vector<std::string>& paths) {
  std::ranges::sort(names);
  std::string_view last;
  for (const auto& name : names) {
    const auto stem = *stem_of(name);
    // A leftover whose completed form is there already.
    if (stem != std::exchange(last, stem)) paths.push_back(join_path(directory, name));
  }
}

}  // namespace

std::string trace_stem(base::WallTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(second - day);
  return fmt::format("{:04}-{:02}-{:02}_{:02}-{:02}-{:02}_UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::string_view> stem_of(std::string_view name) {
  for (const auto suffix : {kUnfinishedSuffix, kTraceSuffix}) {
    if (!name.ends_with(suffix)) continue;
    const auto stem = name.substr(0, name.size() - suffix.size());
    if (is_stem(stem)) return stem;
  }
  return std::nullopt;
}

std::optional<base::WallTime> time_of_trace(std::string_view name) {
  const auto stem = stem_of(name);
  if (!stem) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(stem->data() + at, stem->data() + at + size, value);
    return value;
  };
  const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2))));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(number(11, 2)) +
         std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2));
}

bool is_unfinished(std::string_view name) {
  return name.ends_with(kUnfinishedSuffix);
}

std::string join_path(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.ends_with('/')) path.push_back('/');
  return path.append(name);
}

base::Result<std::vector<std::string>> list_traces(Disk& disk, const std::string& directory) {
  const auto entries = disk.list(directory);
  if (!entries) return base::fail(entries.error());
  std::vector<std::string> names;
  std::vector<std::string> folders;
  for (const auto& entry : *entries) {
    if (entry.directory) {
      folders.push_back(join_path(directory, entry.name));
    } else if (stem_of(entry.name)) {
      names.push_back(entry.name);
    }
  }
  std::vector<std::string> paths;
  append_files(directory, std::move(names), paths);
  std::ranges::sort(folders);
  for (const auto& folder : folders) {
    const auto within = disk.list(folder);
    if (!within && within.error() == std::errc::no_such_file_or_directory) continue;
    if (!within) return base::fail(within.error());
    names.clear();
    for (const auto& entry : *within) {
      if (!entry.directory && stem_of(entry.name)) names.push_back(entry.name);
    }
    append_files(folder, names, paths);
  }
  return paths;
}

base::Result<std::vector<std::string>> expand_traces(Disk& disk,
                                                     std::span<const std::string> paths) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    const auto directory = disk.is_directory(path);
    if (!directory) return base::fail(directory.error());
    if (!*directory) {
      files.push_back(path);
      continue;
    }
    auto found = list_traces(disk, path);
    if (!found) return base::fail(found.error());
    std::ranges::move(*found, std::back_inserter(files));
  }
  return files;
}

}  // namespace mexport::exporter
