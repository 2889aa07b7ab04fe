// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "export/disk.hpp"

#include "compare/breakdown.hpp"
#include "compare/event.hpp"
#include "compare/offsets.hpp"
#include "compare/overlap.hpp"
#include "compare/record_reader.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// How much of two records of the same time is the same.
namespace mexport::compare {

struct CompareOptions {
  /// Within which the same event may stand in both, and by which a record may be out of order;
  /// nanoseconds.
  std::int64_t window = 10'000'000'000;
  std::optional<std::int64_t> from{};  ///< nanoseconds since 1970
  std::optional<std::int64_t> to{};    ///< likewise, itself left out
  std::size_t examples = 0;            ///< to show of what only one has, of each
  std::size_t agents = 20;             ///< to tell of, the others together
};

/// A record for itself.
struct RecordSummary {
  std::string path;
  std::uint64_t files = 0;
  RecordForms forms;
  std::uint64_t messages = 0;
  std::uint64_t connection_events = 0;
  std::uint64_t lost = 0;      ///< that it says itself
  std::uint64_t problems = 0;  ///< lines and files that could not be read
  std::uint64_t late = 0;      ///< further out of order than the window
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
};

/// What only one record has.
struct Example {
  Side side = Side::a;
  std::string text;  ///< the event's JSON; empty where too much would have been held for it
};

struct Report {
  std::array<RecordSummary, kSides> records;
  CompareOptions options;
  Overlap messages;
  Overlap connected;
  Overlap disconnected;
  std::array<Overlap, kSaid> said;  ///< of each peer and CID
  SetOverlap peers;
  SetOverlap cids;
  OffsetQuartiles offsets;  ///< of messages
  std::vector<BreakdownRow> transports;
  std::vector<BreakdownRow> agents;
  std::vector<Example> examples;
  std::uint64_t judged_early = 0;
};

/// Events read so far, now and then.
using ProgressCallback = std::function<void(std::uint64_t events)>;

/// Each record as record_files() reads its path. Fails when a file cannot be read. Memory: two
/// windows of both records, Matcher::kMost items of each kind at most, and their tables.
base::Result<Report> compare_records(exporter::Disk& disk,
                                     const std::array<std::string, kSides>& paths,
                                     const CompareOptions& options,
                                     const ProblemCallback& on_problem,
                                     const ProgressCallback& on_progress = nullptr);

}  // namespace mexport::compare
