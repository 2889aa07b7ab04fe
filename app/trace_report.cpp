// SPDX-License-Identifier: MIT
#include "app/trace_report.hpp"

#include "app/printable.hpp"
#include "app/time_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace mexport::app {

namespace {

/// Appends formatted text.
template <class... Args>
void put(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

std::string json_time(const std::optional<std::int64_t>& nanoseconds) {
  return nanoseconds ? fmt::format("\"{}\"", time_text(*nanoseconds)) : "null";
}

std::string count_of(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

}  // namespace

std::string statistics_text(const exporter::TraceStatistics& statistics) {
  std::uint64_t events = 0;
  for (const auto& [kind, count] : statistics.events) events += count;

  std::string out;
  put(out, "files             {}", statistics.files);
  if (statistics.broken_files > 0) put(out, " ({} damaged)", statistics.broken_files);
  put(out, "\n");
  if (statistics.first_ns && statistics.last_ns) {
    put(out, "from              {}\nto                {}\nseconds           {:.1f}\n",
        time_text(*statistics.first_ns), time_text(*statistics.last_ns), statistics.seconds());
  }
  put(out, "events            {} ({:.1f}/s)\n", events, statistics.events_per_second());
  for (const auto& [kind, count] : statistics.events) put(out, "  {:<18}{}\n", kind, count);
  put(out, "lost              {}\n", statistics.lost);
  if (statistics.malformed > 0) put(out, "malformed lines   {}\n", statistics.malformed);
  put(out, "peers             {}\nCIDs              {}\n", statistics.peers, statistics.cids);
  put(out, "wantlist entries  {} ({:.1f}/s): {} wants, {} cancels\n", statistics.wantlist_entries,
      statistics.entries_per_second(), statistics.wants, statistics.cancels);
  put(out, "blocks            {}\nblock presences   {}\n", statistics.blocks,
      statistics.block_presences);
  if (!statistics.agents.empty()) put(out, "peers by agent version\n");
  for (const auto& [agent, peers] : statistics.agents) {
    put(out, "  {:<8}{}\n", peers, printable(agent));
  }
  return out;
}

std::string statistics_json(const exporter::TraceStatistics& statistics) {
  std::string events;
  for (const auto& [kind, count] : statistics.events) {
    put(events, R"({}"{}":{})", events.empty() ? "" : ",", kind, count);
  }
  std::string agents;
  for (const auto& [agent, peers] : statistics.agents) {
    put(agents, R"({}{{"agent_version":"{}","peers":{}}})", agents.empty() ? "" : ",", agent,
        peers);
  }
  std::string out;
  put(out, R"({{"files":{},"broken_files":{},"lines":{},"malformed":{},"events":{{{}}},)",
      statistics.files, statistics.broken_files, statistics.lines, statistics.malformed, events);
  put(out, R"("lost":{},"peers":{},"cids":{},"wantlist_entries":{},"wants":{},)", statistics.lost,
      statistics.peers, statistics.cids, statistics.wantlist_entries, statistics.wants);
  put(out, R"("cancels":{},"blocks":{},"block_presences":{},"first":{},"last":{},)",
      statistics.cancels, statistics.blocks, statistics.block_presences,
      json_time(statistics.first_ns), json_time(statistics.last_ns));
  put(out, R"("seconds":{:.3f},"events_per_second":{:.3f},"entries_per_second":{:.3f},)",
      statistics.seconds(), statistics.events_per_second(), statistics.entries_per_second());
  put(out, R"("agents":[{}]}})", agents);
  return out + "\n";
}

std::string verify_text(const exporter::VerifyReport& report) {
  std::string out;
  for (const auto& problem : report.problems) put(out, "problem: {}\n", printable(problem));
  if (report.problem_count > report.problems.size()) {
    put(out, "and {} more\n", report.problem_count - report.problems.size());
  }
  for (const auto& sequence : report.sequences) {
    put(out, "run {}  {:<16}  {} to {}: {}, {} lost, {} missing, {} repeated\n", sequence.run_id,
        sequence.kind, sequence.first, sequence.last, count_of(sequence.events, "event"),
        sequence.lost, sequence.missing, sequence.repeated);
  }
  for (const auto& [reason, count] : report.lost_by_reason) {
    put(out, "lost and accounted for: {} ({})\n", count, reason);
  }
  for (const auto& [sink, count] : report.lost_elsewhere) {
    put(out, "here, but lost to {}: {}\n", printable(sink), count_of(count, "event"));
  }
  put(out, "{} ({} unfinished), {}: {}\n", count_of(report.files, "file"), report.unfinished_files,
      count_of(report.lines, "line"),
      report.ok() ? "nothing wrong" : count_of(report.problem_count, "problem"));
  return out;
}

}  // namespace mexport::app
