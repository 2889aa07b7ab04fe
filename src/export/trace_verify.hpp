// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace mexport::exporter {

/// What is known of the sequence of one kind in one run.
struct SequenceReport {
  std::string run_id;
  std::string kind;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t events = 0;
  std::uint64_t lost = 0;      ///< missing, and gap events say why
  std::uint64_t missing = 0;   ///< missing without an explanation
  std::uint64_t repeated = 0;  ///< out of order or more than once
};

struct VerifyReport {
  std::uint64_t files = 0;
  std::uint64_t unfinished_files = 0;  ///< .tmp files that end where their writer is or was
  std::uint64_t lines = 0;
  std::uint64_t lost = 0;  ///< events that gap events account for
  std::map<std::string, std::uint64_t> lost_by_reason;
  /// What other sinks did not get, by their names; the traces have it.
  std::map<std::string, std::uint64_t> lost_elsewhere;
  std::vector<SequenceReport> sequences;
  /// One sentence each, with the path; at most kMaxProblems.
  std::vector<std::string> problems;
  std::uint64_t problem_count = 0;

  bool ok() const { return problem_count == 0; }
};
inline constexpr std::size_t kMaxProblems = 100;

/// Checks files and directories together: damaged files, lines that are no events, unexplained gaps
/// per run and kind, timestamps that go backwards within a run. Fails when a path cannot be read.
base::Result<VerifyReport> verify_traces(Disk& disk, std::span<const std::string> paths);

}  // namespace mexport::exporter
