// SPDX-License-Identifier: MIT
#include "app/commands/trace_cat.hpp"

#include "app/output.hpp"
#include "app/trace_paths.hpp"
#include "export/system_disk.hpp"
#include "export/trace_cat.hpp"

#include <string>
#include <string_view>

namespace mexport::app {

namespace {

constexpr int kFollowPauseMs = 100;

exporter::TraceFilter filter_of(const TraceCatOptions& options) {
  exporter::TraceFilter filter;
  filter.kinds.insert(options.kinds.begin(), options.kinds.end());
  filter.peers.insert(options.peers.begin(), options.peers.end());
  return filter;
}

}  // namespace

int trace_cat(const TraceCatOptions& options) {
  exporter::SystemDisk disk;
  if (!all_readable(disk, options.paths)) return kUsage;

  Output out;
  bool damaged = false;
  const auto on_line = [&](std::string_view line) { return out.write(line) && out.write("\n"); };
  const auto on_warning = [&](const std::string& path, std::string_view what) {
    damaged = true;
    complain(path + ": " + std::string(what));
  };
  const auto wait = [&] { return out.flush() && out.wait_while_read(kFollowPauseMs); };

  const auto filter = filter_of(options);
  const auto status = options.follow ? follow_traces(disk, options.paths, filter, on_line, wait)
                                     : cat_traces(disk, options.paths, filter, on_line, on_warning);
  const auto written = out.finish();
  if (!status) return failed_to_read(options.paths, status.error());
  return damaged ? kFailure : written;
}

}  // namespace mexport::app
