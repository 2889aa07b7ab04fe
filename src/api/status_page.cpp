// SPDX-License-Identifier: MIT
#include "api/status_page.hpp"

#include "api/json_object.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <span>

namespace mexport::api {
namespace {

using exporter::NamedStatistics;

constexpr std::chrono::seconds kRatesAtLeast{1};

double in_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

std::uint64_t sum(std::span<const std::uint64_t> counts) {
  return std::reduce(counts.begin(), counts.end(), std::uint64_t{0});
}

void add_strings(JsonObject& object, std::string_view name, std::span<const std::string> texts) {
  exporter::append_json_strings(object.key(name), texts);
}

void add_by_kind(JsonObject& parent, std::string_view name, std::span<const std::uint64_t> counts) {
  JsonObject object(parent.key(name));
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    if (counts[kind] > 0)
      object.add(to_string(static_cast<monitor::EventKind>(kind)), counts[kind]);
  }
}

void add_delivery(JsonObject& object, const exporter::DeliveryStatistics& delivery) {
  object.add("connected", delivery.connected);
  object.add("blocked", delivery.blocked);
  object.add("server", delivery.server);
  object.add("last_error", delivery.last_error);
  object.add("batches_confirmed", delivery.batches_confirmed);
  object.add("batches_returned", delivery.batches_returned);
  object.add("batches_refused", delivery.batches_refused);
  object.add("batches_in_flight", delivery.batches_in_flight);
  object.add("lag_seconds", in_seconds(delivery.lag));
}

void add_sinks(JsonObject& parent, const NamedStatistics& sinks) {
  std::string& out = parent.key("sinks");
  out += '[';
  for (const auto& [name, statistics] : sinks) {
    if (!out.ends_with('[')) out += ',';
    JsonObject sink(out);
    sink.add("name", name);
    add_by_kind(sink, "events", statistics.written);
    sink.add("bytes", statistics.bytes_out);
    sink.add("errors", statistics.errors);
    sink.add("queued_bytes", statistics.queued_bytes);
    if (statistics.delivery) add_delivery(sink, *statistics.delivery);
  }
  out += ']';
}

void add_spool(JsonObject& parent, const NamedStatistics& sinks) {
  std::uint64_t batches = 0;
  std::uint64_t bytes = 0;
  for (const auto& [name, statistics] : sinks) {
    if (!statistics.delivery) continue;
    batches += statistics.delivery->spooled_batches;
    bytes += statistics.delivery->spooled_bytes;
  }
  JsonObject spool(parent.key("spool"));
  spool.add("batches", batches);
  spool.add("bytes", bytes);
}

using Losses = std::map<std::string, std::map<std::string, std::uint64_t>>;

void collect_losses(const std::string& sink, const monitor::LossTable& table, Losses& losses) {
  for (const auto& by_reason : table) {
    for (std::size_t i = 0; i < by_reason.size(); ++i) {
      if (by_reason.at(i) == 0) continue;
      const auto reason = to_string(static_cast<monitor::LossReason>(i));
      losses[sink][std::string(reason)] += by_reason.at(i);
    }
  }
}

void add_losses(JsonObject& parent, const exporter::PipelineStatistics& pipeline,
                const NamedStatistics& sinks) {
  Losses losses;
  collect_losses("pipeline", pipeline.lost, losses);
  for (const auto& [name, statistics] : sinks) collect_losses(name, statistics.lost, losses);
  JsonObject object(parent.key("losses"));
  for (const auto& [sink, reasons] : losses) {
    JsonObject by_reason(object.key(sink));
    for (const auto& [reason, count] : reasons) by_reason.add(reason, count);
  }
}

void add_who(JsonObject& object, const monitor::RunInfo& run, base::WallTime now,
             std::span<const std::string> api_urls) {
  object.add("version", run.version);
  object.add("monitor", run.monitor_name);
  object.add("run_id", run.run_id);
  exporter::TimestampWriter().append(object.key("started_at"), run.started_at);
  object.add("uptime_seconds", in_seconds(now - run.started_at));
  add_strings(object, "peer_ids", run.peer_ids);
  add_strings(object, "listen_addresses", run.listen_addrs);
  add_strings(object, "api_addresses", api_urls);
}

void add_host(JsonObject& parent, const monitor::HostStatistics& host) {
  {
    JsonObject connections(parent.key("connections"));
    connections.add("inbound", host.connections_inbound);
    connections.add("outbound", host.connections_outbound);
  }
  JsonObject totals(parent.key("totals"));
  totals.add("messages", host.messages_total);
  totals.add("wantlist_entries", host.wantlist_entries_total);
}

}  // namespace

StatusPage::StatusPage(const Sources& sources) : sources_(sources) {
  last_.at = sources.clock.now();
  before_ = last_;
}

void StatusPage::look(const Sample& now) {
  if (now.at - last_.at < kRatesAtLeast && seconds_ > 0) return;
  before_ = last_;
  last_ = now;
  seconds_ = in_seconds(last_.at - before_.at);
}

std::string StatusPage::json() {
  const auto host = sources_.host();
  const auto pipeline = sources_.pipeline();
  const auto sinks = sources_.sinks();
  look({.at = sources_.clock.now(),
        .messages = host.messages_total,
        .entries = host.wantlist_entries_total,
        .events = sum(pipeline.events)});
  const auto rate = [this](std::uint64_t Sample::* count) {
    const auto more = static_cast<double>(last_.*count - std::min(before_.*count, last_.*count));
    return seconds_ > 0 ? more / seconds_ : 0.0;
  };

  std::string out;
  {
    JsonObject object(out);
    add_who(object, sources_.run_info(), sources_.clock.wall_now(), sources_.api_urls);
    add_host(object, host);
    {
      JsonObject rates(object.key("rates"));
      rates.add("seconds", seconds_);
      rates.add("messages_per_second", rate(&Sample::messages));
      rates.add("wantlist_entries_per_second", rate(&Sample::entries));
      rates.add("events_per_second", rate(&Sample::events));
    }
    add_by_kind(object, "events", pipeline.events);
    add_sinks(object, sinks);
    add_spool(object, sinks);
    add_losses(object, pipeline, sinks);
  }
  out += '\n';
  return out;
}

}  // namespace mexport::api
