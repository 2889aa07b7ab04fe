// SPDX-License-Identifier: MIT
#include "app/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>

namespace mexport::app {

namespace {

void add_lost(const monitor::LossTable& table, Totals& totals) {
  for (const auto& by_reason : table) {
    for (std::size_t i = 0; i < by_reason.size(); ++i) {
      if (by_reason[i] == 0) continue;
      totals.events_lost += by_reason[i];
      const auto reason = to_string(static_cast<monitor::LossReason>(i));
      totals.lost_by_reason[std::string(reason)] += by_reason[i];
    }
  }
}

std::string rate(std::uint64_t now, std::uint64_t before, double seconds) {
  const auto more = static_cast<double>(now - std::min(before, now));
  const double per_second = seconds > 0 ? more / seconds : 0;
  return per_second < 10 ? fmt::format("{:.1f}/s", per_second)
                         : fmt::format("{:.0f}/s", per_second);
}

}  // namespace

Totals totals_of(const monitor::HostStatistics& host, const exporter::Pipeline& pipeline) {
  Totals totals{.connections_inbound = host.connections_inbound,
                .connections_outbound = host.connections_outbound,
                .messages = host.messages_total,
                .wantlist_entries = host.wantlist_entries_total,
                .lost_by_reason = {}};
  add_lost(pipeline.statistics().lost, totals);
  for (const auto& sink : pipeline.sinks()) {
    if (!sink->records()) continue;
    const auto statistics = sink->statistics();
    add_lost(statistics.lost, totals);
    totals.events_written = std::max(
        totals.events_written,
        std::reduce(statistics.written.begin(), statistics.written.end(), std::uint64_t{0}));
  }
  return totals;
}

std::string StatusMeter::line(const Totals& totals, base::SteadyTime now) {
  const double seconds = std::chrono::duration<double>(now - last_time_).count();
  auto text = fmt::format(
      "connections {} ({} in, {} out)  messages {}  wantlist entries {}  events written {}  lost "
      "{}",
      totals.connections_inbound + totals.connections_outbound, totals.connections_inbound,
      totals.connections_outbound, rate(totals.messages, last_.messages, seconds),
      rate(totals.wantlist_entries, last_.wantlist_entries, seconds), totals.events_written,
      totals.events_lost);
  last_ = totals;
  last_time_ = now;
  return text;
}

std::string summary(const Totals& totals) {
  auto text = fmt::format("{} events written, {} lost", totals.events_written, totals.events_lost);
  if (totals.events_lost > 0) text += " (" + counters_text(totals.lost_by_reason) + ")";
  return text;
}

std::string counters_text(const std::map<std::string, std::uint64_t>& counters) {
  std::string text;
  for (const auto& [name, value] : counters) {
    if (value == 0) continue;
    fmt::format_to(std::back_inserter(text), "{}{} {}", text.empty() ? "" : ", ", name, value);
  }
  return text.empty() ? "none" : text;
}

}  // namespace mexport::app
