// SPDX-License-Identifier: MIT
#include "app/commands/trace_stat.hpp"

#include "app/output.hpp"
#include "app/trace_paths.hpp"
#include "app/trace_report.hpp"
#include "export/system_disk.hpp"
#include "export/trace_stat.hpp"

namespace mexport::app {

int trace_stat(const TraceStatOptions& options) {
  exporter::SystemDisk disk;
  if (!all_readable(disk, options.paths)) return kUsage;
  const auto statistics = exporter::trace_statistics(disk, options.paths);
  if (!statistics) return failed_to_read(options.paths, statistics.error());
  return print(options.json ? statistics_json(*statistics) : statistics_text(*statistics));
}

}  // namespace mexport::app
