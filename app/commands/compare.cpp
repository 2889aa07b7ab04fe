// SPDX-License-Identifier: MIT
#include "app/commands/compare.hpp"

#include "app/compare_report.hpp"
#include "app/output.hpp"
#include "app/printable.hpp"
#include "app/terminal.hpp"
#include "app/trace_paths.hpp"
#include "export/system_disk.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace mexport::app {

namespace {

/// Of many broken lines the first ones are enough to see what is wrong.
constexpr std::uint64_t kMostComplaints = 20;

std::string written(const compare::Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::json:
      return comparison_json(report);
    case ReportFormat::csv:
      return comparison_csv(report);
    case ReportFormat::text:
      break;
  }
  return comparison_text(report);
}

}  // namespace

int compare_two(const CompareOptions& options) {
  exporter::SystemDisk disk;
  if (!all_readable(disk, options.records)) return kUsage;

  std::uint64_t problems = 0;
  Terminal terminal(stderr_can_draw());
  const auto on_problem = [&](const std::string& where, std::string_view what) {
    if (++problems <= kMostComplaints) {
      complain(printable(where) + ": " + std::string(what));
    }
  };
  const auto on_progress = [&](std::uint64_t events) {
    terminal.set_status(fmt::format("{} million events read", events >> 20));
    terminal.draw();
  };
  const auto report = compare::compare_records(
      disk, {options.records[0], options.records[1]}, options.how, on_problem,
      stderr_can_draw() ? on_progress : compare::ProgressCallback());
  terminal.set_status("");
  terminal.draw();
  if (problems > kMostComplaints) {
    complain(fmt::format("{} more that could not be read", problems - kMostComplaints));
  }
  if (!report) return failed_to_read(options.records, report.error());
  for (const auto& record : report->records) {
    if (record.messages + record.connection_events == 0) {
      complain(fmt::format("{}: no event to compare", printable(record.path)));
    }
  }
  const auto printed = print(written(*report, options.format));
  return problems > 0 ? kFailure : printed;
}

}  // namespace mexport::app
