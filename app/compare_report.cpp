// SPDX-License-Identifier: MIT
#include "app/compare_report.hpp"

#include "app/csv_field.hpp"
#include "app/printable.hpp"
#include "app/time_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::app {

namespace {

using compare::kSides;
using compare::Overlap;
using compare::RecordSummary;
using compare::Report;
using compare::SetOverlap;

constexpr std::array<std::string_view, kSides> kSideNames{"A", "B"};
constexpr std::array<std::string_view, kSides> kSideKeys{"a", "b"};
constexpr double kNanosecondsPerMs = 1e6;
constexpr std::size_t kNameColumn = 24;

template <class... Args>
void put(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

std::vector<std::string_view> forms_of(const compare::RecordForms& forms) {
  std::vector<std::string_view> names;
  if (forms.trace) names.emplace_back("trace");
  if (forms.client_log) names.emplace_back("client_log");
  if (forms.bodies) names.emplace_back("amqp_bodies");
  return names;
}

/// What both have of what one has within the time of both; "" where there is nothing.
std::string share(std::uint64_t both, std::uint64_t only) {
  if (both + only == 0) return "";
  return fmt::format("{:.2f}%", 100 * static_cast<double>(both) / static_cast<double>(both + only));
}

/// A name that is too long for its column has a line of its own.
void put_row(std::string& out, std::string_view name, std::uint64_t both,
             const std::array<std::uint64_t, kSides>& only) {
  if (name.size() > kNameColumn) {
    put(out, "{}\n", name);
    name = "";
  }
  put(out, "{:<{}}{:>12}{:>12}{:>12}{:>10}{:>10}\n", name, kNameColumn, both, only[0], only[1],
      share(both, only[0]), share(both, only[1]));
}

/// The rows that are no breakdown.
std::vector<std::pair<std::string_view, Overlap>> rows_of(const Report& report) {
  std::vector<std::pair<std::string_view, Overlap>> rows{{"messages", report.messages},
                                                         {"connected", report.connected},
                                                         {"disconnected", report.disconnected}};
  for (std::size_t i = 0; i < compare::kSaid; ++i) {
    rows.emplace_back(to_string(static_cast<compare::Said>(i)), report.said[i]);
  }
  return rows;
}

void put_record(std::string& out, std::string_view name, const RecordSummary& record) {
  const auto forms = forms_of(record.forms);
  put(out, "{}  {}\n   {} file{}{}{}, {} messages, {} connection events", name,
      printable(record.path), record.files, record.files == 1 ? "" : "s", forms.empty() ? "" : ": ",
      fmt::join(forms, ", "), record.messages, record.connection_events);
  if (record.lost > 0) put(out, ", {} lost as it says itself", record.lost);
  if (record.problems > 0) put(out, ", {} that could not be read", record.problems);
  if (record.late > 0) put(out, ", {} out of order by more than the window", record.late);
  put(out, "\n");
  if (record.first) {
    put(out, "   {} to {}\n", time_text(*record.first), time_text(*record.last));
  }
}

void put_outside(std::string& out, const Report& report) {
  std::array<std::uint64_t, kSides> outside{};
  for (const auto& overlap : {report.messages, report.connected, report.disconnected}) {
    for (std::size_t i = 0; i < kSides; ++i) outside[i] += overlap.outside[i];
  }
  if (outside[0] + outside[1] == 0) return;
  put(out, "\nOf a time that the other record does not span, and not compared: {} of A, {} of B\n",
      outside[0], outside[1]);
}

void put_breakdown(std::string& out, std::string_view title,
                   const std::vector<compare::BreakdownRow>& rows) {
  if (rows.empty()) return;
  put(out, "\nmessages by {}\n", title);
  for (const auto& row : rows) {
    put_row(out, "  " + printable(row.name), row.messages.both, row.messages.only);
  }
}

void put_offsets(std::string& out, const compare::OffsetQuartiles& offsets) {
  if (offsets.pairs == 0) return;
  const auto ms = [](std::int64_t ns) { return static_cast<double>(ns) / kNanosecondsPerMs; };
  put(out, "\nclock of B less that of A: {:.3f} ms (quartiles {:.3f} and {:.3f}, of {} messages)\n",
      ms(offsets.median), ms(offsets.low), ms(offsets.high), offsets.pairs);
}

void put_examples(std::string& out, const Report& report) {
  for (const auto& example : report.examples) {
    put(out, "only {}: {}\n", kSideNames[index_of(example.side)],
        example.text.empty() ? "(too much to keep)" : printable(example.text));
  }
}

std::string json_text(std::string_view text) {
  return boost::json::serialize(boost::json::string(text));
}

std::string json_time(const std::optional<std::int64_t>& time) {
  return time ? fmt::format("\"{}\"", time_text(*time)) : "null";
}

/// A string of a record, escapes as they stand; anew where they are none.
std::string json_name(const std::string& name) {
  auto quoted = '"' + name + '"';
  boost::system::error_code error;
  const auto value = boost::json::parse(quoted, error);
  return error ? json_text(name) : quoted;
}

std::string json_record(const RecordSummary& record) {
  std::string forms;
  for (const auto form : forms_of(record.forms)) {
    put(forms, R"({}"{}")", forms.empty() ? "" : ",", form);
  }
  return fmt::format(
      R"({{"path":{},"files":{},"forms":[{}],"messages":{},"connection_events":{},"lost":{},)"
      R"("problems":{},"late":{},"first":{},"last":{}}})",
      json_text(printable(record.path)), record.files, forms, record.messages,
      record.connection_events, record.lost, record.problems, record.late, json_time(record.first),
      json_time(record.last));
}

std::string json_overlap(const Overlap& overlap) {
  return fmt::format(R"({{"both":{},"only_a":{},"only_b":{},"outside_a":{},"outside_b":{}}})",
                     overlap.both, overlap.only[0], overlap.only[1], overlap.outside[0],
                     overlap.outside[1]);
}

std::string json_set(const SetOverlap& overlap) {
  return fmt::format(R"({{"both":{},"only_a":{},"only_b":{},"complete":{}}})", overlap.both,
                     overlap.only[0], overlap.only[1], overlap.complete);
}

std::string json_rows(std::string_view name, const std::vector<compare::BreakdownRow>& rows) {
  std::string out;
  for (const auto& row : rows) {
    put(out, R"({}{{"{}":{},"messages":{}}})", out.empty() ? "" : ",", name, json_name(row.name),
        json_overlap(row.messages));
  }
  return out;
}

/// The event itself; null where it was not kept, or is JSON in its structure alone.
std::string json_event(std::string_view text) {
  boost::system::error_code error;
  const auto value = boost::json::parse(text, error);
  return error ? "null" : std::string(text);
}

std::string json_examples(const Report& report) {
  std::string out;
  for (const auto& example : report.examples) {
    put(out, R"({}{{"only":"{}","event":{}}})", out.empty() ? "" : ",",
        kSideKeys[index_of(example.side)], json_event(example.text));
  }
  return out;
}

class CsvRows {
 public:
  void add(std::string_view group, std::string_view name, std::string_view figure,
           std::int64_t value) {
    put(text_, "{},{},{},{}\n", group, csv_field(name), figure, value);
  }
  void add(std::string_view group, std::string_view name, const Overlap& overlap) {
    add_all(group, name,
            {{"both", overlap.both},
             {"only_a", overlap.only[0]},
             {"only_b", overlap.only[1]},
             {"outside_a", overlap.outside[0]},
             {"outside_b", overlap.outside[1]}});
  }
  void add(std::string_view group, std::string_view name, const SetOverlap& overlap) {
    add_all(group, name,
            {{"both", overlap.both}, {"only_a", overlap.only[0]}, {"only_b", overlap.only[1]}});
  }
  void add_all(std::string_view group, std::string_view name,
               std::initializer_list<std::pair<std::string_view, std::uint64_t>> figures) {
    for (const auto& [figure, value] : figures) {
      add(group, name, figure, static_cast<std::int64_t>(value));
    }
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_ = "group,name,figure,value\n";
};

}  // namespace

std::string comparison_text(const Report& report) {
  std::string out;
  for (std::size_t i = 0; i < kSides; ++i) put_record(out, kSideNames[i], report.records[i]);
  put(out, "\n{:<{}}{:>12}{:>12}{:>12}{:>10}{:>10}\n", "", kNameColumn, "both", "only A", "only B",
      "of A", "of B");
  for (const auto& [name, overlap] : rows_of(report))
    put_row(out, name, overlap.both, overlap.only);
  put_row(out, "peers", report.peers.both, report.peers.only);
  put_row(out, "CIDs", report.cids.both, report.cids.only);
  put_offsets(out, report.offsets);
  put_breakdown(out, "transport", report.transports);
  put_breakdown(out, "agent version", report.agents);
  put_outside(out, report);
  if (!report.peers.complete || !report.cids.complete) {
    put(out, "\nThere are more peers or CIDs than are kept: their numbers are too low.\n");
  }
  if (report.judged_early > 0) {
    put(out,
        "\n{} were judged before the window's end, because too many waited: a shorter --window "
        "helps.\n",
        report.judged_early);
  }
  if (!report.examples.empty()) put(out, "\n");
  put_examples(out, report);
  return out;
}

std::string comparison_json(const Report& report) {
  std::string out;
  put(out, R"({{"a":{},"b":{},"window_s":{})", json_record(report.records[0]),
      json_record(report.records[1]), static_cast<double>(report.options.window) / 1e9);
  for (const auto& [name, overlap] : rows_of(report)) {
    put(out, R"(,"{}":{})", name, json_overlap(overlap));
  }
  put(out, R"(,"peers":{},"cids":{})", json_set(report.peers), json_set(report.cids));
  const auto& offsets = report.offsets;
  if (offsets.pairs > 0) {
    put(out, R"(,"clock_offset_ns":{{"pairs":{},"p25":{},"p50":{},"p75":{}}})", offsets.pairs,
        offsets.low, offsets.median, offsets.high);
  } else {
    put(out, R"(,"clock_offset_ns":null)");
  }
  put(out, R"(,"transports":[{}],"agents":[{}],"judged_early":{},"examples":[{}]}})",
      json_rows("transport", report.transports), json_rows("agent_version", report.agents),
      report.judged_early, json_examples(report));
  return out + "\n";
}

std::string comparison_csv(const Report& report) {
  CsvRows rows;
  for (std::size_t i = 0; i < kSides; ++i) {
    const auto& record = report.records[i];
    rows.add_all("record", kSideKeys[i],
                 {{"files", record.files},
                  {"messages", record.messages},
                  {"connection_events", record.connection_events},
                  {"lost", record.lost},
                  {"problems", record.problems},
                  {"late", record.late}});
  }
  for (const auto& [name, overlap] : rows_of(report)) rows.add("all", name, overlap);
  rows.add("all", "peers", report.peers);
  rows.add("all", "cids", report.cids);
  if (report.offsets.pairs > 0) {
    rows.add("clock_offset_ns", "messages", "p25", report.offsets.low);
    rows.add("clock_offset_ns", "messages", "p50", report.offsets.median);
    rows.add("clock_offset_ns", "messages", "p75", report.offsets.high);
  }
  for (const auto& row : report.transports) rows.add("transport", row.name, row.messages);
  for (const auto& row : report.agents) rows.add("agent_version", row.name, row.messages);
  return rows.take();
}

}  // namespace mexport::app
