// SPDX-License-Identifier: MIT
#include "config/parse_sinks.hpp"

#include "config/parse_export.hpp"
#include "config/parse_traces.hpp"
#include "export/amqp/address.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

namespace mexport::config {
namespace {

constexpr std::size_t kMaxName = 32;
constexpr std::array<std::string_view, 5> kTaken{"amqp", "trace", "peerstore", "live", "pipeline"};
constexpr std::string_view kNameRule =
    R"(1 to 32 of a-z, 0-9, "-" and "_", a letter first, that no other sink has)";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void read_amqp_sink(Section& section, AmqpSink sink, Monitor& monitor, Report& report) {
  read_amqp(section, sink.amqp, report);
  read_spool(section.child("Spool"), sink.spool, report);
  section.refuse_unknown();
  const auto brokers = count_brokers(sink.amqp.servers);
  if (brokers == 0 || brokers > exporter::amqp::kMaxBrokers) {
    report.error(section.path_of("Servers"), std::to_string(brokers) + " brokers",
                 "1 to " + std::to_string(exporter::amqp::kMaxBrokers));
  }
  monitor.more_amqp_sinks.push_back(std::move(sink));
}

void read_trace_sink(Section& section, TraceSink sink, Monitor& monitor, Report& report) {
  read_traces(section, sink.traces, report);
  if (sink.traces.directory.empty()) {
    report.error(section.path_of("Directory"), "nothing", "a directory of its own");
  }
  monitor.more_trace_sinks.push_back(std::move(sink));
}

void read_sink(Section section, std::set<std::string>& names, Monitor& monitor, Report& report) {
  const auto kind = section.text("Kind").value_or("");
  auto name = section.text("Name").value_or("");
  if (!is_sink_name(name) || !names.insert(name).second) {
    report.error(section.path_of("Name"), quote(name), std::string(kNameRule));
  }
  if (kind == "amqp") {
    read_amqp_sink(section, {.name = std::move(name), .amqp = {}, .spool = {}}, monitor, report);
  } else if (kind == "traces") {
    read_trace_sink(section, {.name = std::move(name), .traces = {}}, monitor, report);
  } else {
    report.error(section.path_of("Kind"), quote(kind), R"("amqp" or "traces")");
  }
}

}  // namespace

bool is_sink_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && name.front() >= 'a' && name.front() <= 'z' &&
         std::ranges::all_of(name, is_name_character) &&
         std::ranges::find(kTaken, name) == kTaken.end();
}

void read_sinks(Section& section, Monitor& monitor, Report& report) {
  std::set<std::string> names;
  std::size_t count = 0;
  section.each("Sinks", [&](const boost::json::value& value, const std::string& path) {
    if (!value.is_object()) {
      report.error(path, describe(value), "an object with Kind and Name");
    } else if (++count > kMaxSinks) {
      report.error(path, "one more", "at most " + std::to_string(kMaxSinks) + " sinks");
    } else {
      read_sink(Section(&value.get_object(), path, report), names, monitor, report);
    }
  });
}

}  // namespace mexport::config
