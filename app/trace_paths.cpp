// SPDX-License-Identifier: MIT
#include "app/trace_paths.hpp"

#include "app/output.hpp"

#include <fmt/format.h>

namespace mexport::app {

namespace {

base::Status try_opening(exporter::Disk& disk, const std::string& path) {
  const auto directory = disk.is_directory(path);
  if (!directory) return base::fail(directory.error());
  if (*directory) {
    const auto entries = disk.list(path);
    return entries ? base::Status() : base::fail(entries.error());
  }
  const auto file = disk.open(path);
  return file ? base::Status() : base::fail(file.error());
}

}  // namespace

bool all_readable(exporter::Disk& disk, std::span<const std::string> paths) {
  bool readable = true;
  for (const auto& path : paths) {
    const auto status = try_opening(disk, path);
    if (status) continue;
    complain(fmt::format("cannot read {}: {}", path, status.error().message()));
    readable = false;
  }
  return readable;
}

ExitCode failed_to_read(std::span<const std::string> paths, std::error_code error) {
  complain(fmt::format("cannot read {}: {}", fmt::join(paths, ", "), error.message()));
  return kUsage;
}

}  // namespace mexport::app
