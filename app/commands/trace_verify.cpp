// SPDX-License-Identifier: MIT
#include "app/commands/trace_verify.hpp"

#include "app/output.hpp"
#include "app/trace_paths.hpp"
#include "app/trace_report.hpp"
#include "export/system_disk.hpp"
#include "export/trace_verify.hpp"

namespace mexport::app {

int trace_verify(const TraceVerifyOptions& options) {
  exporter::SystemDisk disk;
  if (!all_readable(disk, options.paths)) return kUsage;
  const auto report = exporter::verify_traces(disk, options.paths);
  if (!report) return failed_to_read(options.paths, report.error());
  const auto printed = print(verify_text(*report));
  return report->ok() ? printed : kFailure;
}

}  // namespace mexport::app
