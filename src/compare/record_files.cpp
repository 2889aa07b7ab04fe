// SPDX-License-Identifier: MIT
#include "compare/record_files.hpp"

#include "export/trace_files.hpp"

#include "compare/record_reader.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <utility>

namespace mexport::compare {

namespace {

struct Dump {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::string path;

  friend auto operator<=>(const Dump&, const Dump&) = default;
};

base::Result<Dump> dump_of(exporter::Disk& disk, const std::string& path) {
  RecordReader reader(disk, {path}, [](const std::string&, std::string_view) {});
  const auto event = reader.next();
  if (!event) return base::fail(event.error());
  return *event == nullptr ? Dump{.path = path} : Dump{(*event)->time, path};
}

}  // namespace

base::Result<std::vector<std::string>> record_files(exporter::Disk& disk, const std::string& path) {
  const auto directory = disk.is_directory(path);
  if (!directory) return base::fail(directory.error());
  if (!*directory) return std::vector{path};
  auto files = exporter::list_traces(disk, path);
  if (!files || !files->empty()) return files;
  const auto entries = disk.list(path);
  if (!entries) return base::fail(entries.error());
  std::vector<Dump> dumps;
  for (const auto& entry : *entries) {
    if (entry.directory) continue;
    auto dump = dump_of(disk, exporter::join_path(path, entry.name));
    if (!dump) return base::fail(dump.error());
    dumps.push_back(std::move(*dump));
  }
  std::ranges::sort(dumps);
  for (auto& dump : dumps) files->push_back(std::move(dump.path));
  return files;
}

}  // namespace mexport::compare
