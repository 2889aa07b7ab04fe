// SPDX-License-Identifier: MIT
#include "export/trace_verify.hpp"

#include "export/json_scanner.hpp"
#include "export/sequence_check.hpp"
#include "export/trace_files.hpp"
#include "export/trace_line.hpp"
#include "export/trace_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace mexport::exporter {
namespace {

std::string text_member(std::string_view object, std::string_view key) {
  const auto value = find_member(object, key);
  const auto content = value ? string_content(*value) : std::nullopt;
  return std::string(content.value_or(""));
}

std::uint64_t number_member(std::string_view object, std::string_view key) {
  const auto value = find_member(object, key);
  return value ? parse_number(*value).value_or(0) : 0;
}

class Verifier {
 public:
  explicit Verifier(Disk& disk) : disk_(disk) {}

  base::Status check_file(const std::string& path);
  VerifyReport finish();

 private:
  struct Run {
    std::map<std::string, SequenceCheck, std::less<>> kinds;
    std::int64_t last_timestamp = std::numeric_limits<std::int64_t>::min();
    bool from_start = false;
  };

  template <class... Args>
  void problem(fmt::format_string<Args...> format, Args&&... args) {
    if (report_.problem_count++ >= kMaxProblems) return;
    report_.problems.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  void check_line(std::string_view text);
  void begin_run(const TraceLine& line);
  void check_sequence(const TraceLine& line);
  void check_time(const TraceLine& line);
  void check_end(const TraceReader& reader);

  Disk& disk_;
  VerifyReport report_;
  std::map<std::string, Run, std::less<>> runs_;
  Run* run_ = nullptr;  // of the file being read
  std::string path_;
  std::uint64_t line_number_ = 0;
};

base::Status Verifier::check_file(const std::string& path) {
  auto opened = TraceReader::open_listed(disk_, path);
  if (!opened) return base::fail(opened.error());
  if (!*opened) return {};
  auto& reader = *opened;
  ++report_.files;
  path_ = path;
  line_number_ = 0;
  run_ = nullptr;
  for (;;) {
    const auto line = reader->next();
    if (!line) return base::fail(line.error());
    if (!*line) break;
    ++report_.lines;
    ++line_number_;
    check_line(**line);
  }
  check_end(*reader);
  return {};
}

void Verifier::check_line(std::string_view text) {
  const auto line = parse_trace_line(text);
  if (!line) {
    problem("{}: line {} is no event", path_, line_number_);
    return;
  }
  if (line->kind == "run_info") begin_run(*line);
  check_time(*line);
  if (!run_ && line->sequence) {
    problem("{}: line {} comes before any run_info", path_, line_number_);
    run_ = &runs_[""];
  }
  if (run_) check_sequence(*line);
}

void Verifier::begin_run(const TraceLine& line) {
  run_ = &runs_[text_member(line.body, "run_id")];
  if (line.sequence == 1U) run_->from_start = true;
}

void Verifier::check_sequence(const TraceLine& line) {
  const auto check = [this](std::string_view kind) -> SequenceCheck& {
    auto found = run_->kinds.find(kind);
    if (found == run_->kinds.end()) found = run_->kinds.emplace(kind, SequenceCheck()).first;
    return found->second;
  };
  if (line.sequence) check(line.kind).see(*line.sequence, run_->from_start);
  if (line.kind != "gap") return;
  if (line.is_gap_elsewhere()) {
    report_.lost_elsewhere[text_member(line.ext, "sink")] += number_member(line.body, "count");
    return;
  }
  check(text_member(line.body, "kind"))
      .explain({number_member(line.body, "from"), number_member(line.body, "to")});
  report_.lost_by_reason[text_member(line.body, "reason")] += number_member(line.body, "count");
}

void Verifier::check_time(const TraceLine& line) {
  const auto timestamp = parse_timestamp(line.timestamp);
  if (!timestamp) {
    problem("{}: line {} has no proper timestamp", path_, line_number_);
    return;
  }
  // A file begins when its first event has been written, maybe after that event's time.
  if (!run_ || line.kind == "run_info") return;
  if (*timestamp < run_->last_timestamp) {
    problem("{}: line {} is older than the event before it", path_, line_number_);
  }
  run_->last_timestamp = std::max(run_->last_timestamp, *timestamp);
}

void Verifier::check_end(const TraceReader& reader) {
  if (reader.end() == TraceEnd::broken) {
    problem("{}: damaged after line {}", path_, line_number_);
  } else if (reader.end() == TraceEnd::unfinished) {
    if (is_unfinished(path_)) {
      ++report_.unfinished_files;
    } else {
      problem("{}: cut off after line {}", path_, line_number_);
    }
  }
}

VerifyReport Verifier::finish() {
  for (const auto& [run_id, run] : runs_) {
    for (const auto& [kind, check] : run.kinds) {
      const auto result = check.result();
      report_.sequences.push_back({.run_id = run_id,
                                   .kind = kind,
                                   .first = check.first(),
                                   .last = check.last(),
                                   .events = check.events(),
                                   .lost = result.lost,
                                   .missing = result.missing,
                                   .repeated = check.repeated()});
      report_.lost += result.lost;
      if (result.missing > 0) {
        problem("run {}: {} events of kind {} are missing, the first is number {}", run_id,
                result.missing, kind, result.first_missing);
      }
      if (check.repeated() > 0) {
        problem("run {}: {} events of kind {} come again or out of order", run_id, check.repeated(),
                kind);
      }
    }
  }
  return std::move(report_);
}

}  // namespace

base::Result<VerifyReport> verify_traces(Disk& disk, std::span<const std::string> paths) {
  const auto files = expand_traces(disk, paths);
  if (!files) return base::fail(files.error());
  Verifier verifier(disk);
  for (const auto& file : *files) {
    if (auto status = verifier.check_file(file); !status) return base::fail(status.error());
  }
  return verifier.finish();
}

}  // namespace mexport::exporter
