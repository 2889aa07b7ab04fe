// SPDX-License-Identifier: MIT
#include "export/own_event_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace mexport::exporter {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

std::size_t end(std::string& out, std::size_t begin, std::uint64_t sequence) {
  const auto size = out.size() - begin;
  fmt::format_to(std::back_inserter(out), R"(,"ext":{{"seq":{}}}}})", sequence);
  return size;
}

void append_clock(std::string& out, const monitor::ClockState& clock) {
  fmt::format_to(std::back_inserter(out),
                 R"("clock":{{"steps":{},"last_step_ms":{},"ahead_us":{}}})", clock.steps,
                 duration_cast<milliseconds>(clock.last_step).count(),
                 duration_cast<microseconds>(clock.ahead).count());
}

template <class Map>
void append_counts(std::string& out, std::string_view key, const Map& counts) {
  out.append(key);
  out.push_back('{');
  for (const auto& [name, count] : counts) {
    if (out.back() != '{') out.push_back(',');
    append_json_string(out, name);
    out.push_back(':');
    append_json_integer(out, count);
  }
  out.push_back('}');
}

void append_sequences(std::string& out, const monitor::Heartbeat& heartbeat) {
  out.append(R"("events":{)");
  for (std::size_t i = 0; i < monitor::kEventKinds; ++i) {
    if (heartbeat.sequences[i] == 0) continue;
    if (out.back() != '{') out.push_back(',');
    fmt::format_to(std::back_inserter(out), R"("{}":{})",
                   to_string(static_cast<monitor::EventKind>(i)), heartbeat.sequences[i]);
  }
  out.push_back('}');
}

void append_losses(std::string& out, const monitor::LossTable& lost) {
  out.append(R"("lost":{)");
  for (std::size_t kind = 0; kind < monitor::kEventKinds; ++kind) {
    const auto& reasons = lost[kind];
    if (std::ranges::all_of(reasons, [](std::uint64_t count) { return count == 0; })) continue;
    if (out.back() != '{') out.push_back(',');
    fmt::format_to(std::back_inserter(out), R"("{}":{{)",
                   to_string(static_cast<monitor::EventKind>(kind)));
    for (std::size_t i = 0; i < monitor::kLossReasons; ++i) {
      if (reasons[i] == 0) continue;
      if (out.back() != '{') out.push_back(',');
      fmt::format_to(std::back_inserter(out), R"("{}":{})",
                     to_string(static_cast<monitor::LossReason>(i)), reasons[i]);
    }
    out.push_back('}');
  }
  out.push_back('}');
}

void append_privacy(std::string& out, const monitor::PrivacyInfo& privacy) {
  fmt::format_to(std::back_inserter(out), R"("privacy":{{"addresses":"{}","peers":"{}",)",
                 to_string(privacy.addresses), privacy.keyed_peers ? "keyed" : "full");
  if (privacy.keyed_peers) {
    fmt::format_to(std::back_inserter(out), R"("key_id":"{}",)", privacy.key_id);
  }
  fmt::format_to(std::back_inserter(out), R"("excluded_peers":{},"excluded_subnets":{}}})",
                 privacy.excluded_peers, privacy.excluded_subnets);
}

}  // namespace

std::size_t OwnEventEncoder::append_run_info(const monitor::RunInfo& info, base::WallTime timestamp,
                                             std::uint64_t sequence, std::string& out) {
  const auto from = begin(timestamp, out);
  append_body(info, out);
  return end(out, from, sequence);
}

std::size_t OwnEventEncoder::append_heartbeat(const monitor::Heartbeat& heartbeat,
                                              base::WallTime timestamp, std::uint64_t sequence,
                                              std::string& out) {
  const auto from = begin(timestamp, out);
  const auto& host = heartbeat.host;
  fmt::format_to(std::back_inserter(out),
                 R"(,"heartbeat":{{"uptime_ms":{},"connections":{{"inbound":{},"outbound":{})",
                 duration_cast<milliseconds>(heartbeat.uptime).count(), host.connections_inbound,
                 host.connections_outbound);
  append_counts(out, R"(,"by_transport":)", host.connections_by_transport);
  fmt::format_to(std::back_inserter(out),
                 R"(}},"handshakes_in_progress":{},"messages":{},"wantlist_entries":{},)"
                 R"("loop_latency_us":{},"queued":{},)",
                 host.handshakes_in_progress, host.messages_total, host.wantlist_entries_total,
                 static_cast<std::int64_t>(host.loop_latency_seconds * 1e6), heartbeat.queued);
  append_sequences(out, heartbeat);
  out.push_back(',');
  append_losses(out, heartbeat.lost);
  append_counts(out, R"(,"counters":)", host.counters);
  out.push_back(',');
  append_clock(out, heartbeat.clock);
  out.push_back('}');
  return end(out, from, sequence);
}

std::size_t OwnEventEncoder::append_gap(const monitor::LostRange& range, base::WallTime timestamp,
                                        std::uint64_t sequence, std::string& out) {
  const auto from = begin(timestamp, out);
  append_body(range, {}, out);
  return end(out, from, sequence);
}

std::size_t OwnEventEncoder::append_told_gap(const SinkGap& gap, std::string_view sink,
                                             base::WallTime timestamp, std::uint64_t sequence,
                                             std::string& out) {
  const auto from = begin(timestamp, out);
  append_body(gap.range, gap.run_id, out);
  const auto size = out.size() - from;
  fmt::format_to(std::back_inserter(out), R"(,"ext":{{"seq":{},"sink":"{}"}}}})", sequence, sink);
  return size;
}

std::size_t OwnEventEncoder::append_sink_gap(const monitor::LostRange& range,
                                             base::WallTime timestamp, std::string_view sink,
                                             std::string& out) {
  const auto from = begin(timestamp, out);
  append_body(range, {}, out);
  const auto size = out.size() - from;
  fmt::format_to(std::back_inserter(out), R"(,"ext":{{"sink":"{}"}}}})", sink);
  return size;
}

std::size_t OwnEventEncoder::begin(base::WallTime timestamp, std::string& out) {
  const auto from = out.size();
  out.append(R"({"timestamp":)");
  timestamps_.append(out, timestamp);
  out.append(R"(,"peer":)");
  append_json_string(out, peer_);
  return from;
}

void OwnEventEncoder::append_body(const monitor::LostRange& range, std::string_view run_id,
                                  std::string& out) {
  fmt::format_to(
      std::back_inserter(out), R"(,"gap":{{"kind":"{}","from":{},"to":{},"count":{},"reason":"{}")",
      to_string(range.kind), range.from, range.to, range.count(), to_string(range.reason));
  if (!run_id.empty()) {
    out.append(R"(,"run_id":)");
    append_json_string(out, run_id);
  }
  out.push_back('}');
}

void OwnEventEncoder::append_body(const monitor::RunInfo& info, std::string& out) {
  out.append(R"(,"run_info":{"run_id":)");
  append_json_string(out, info.run_id);
  out.append(R"(,"version":)");
  append_json_string(out, info.version);
  out.append(R"(,"monitor_name":)");
  append_json_string(out, info.monitor_name);
  out.append(R"(,"fields":"extended","started_at":)");
  TimestampWriter().append(out, info.started_at);
  out.append(R"(,"configuration_hash":)");
  append_json_string(out, info.configuration_hash);
  if (!info.contact.empty()) {
    out.append(R"(,"contact":)");
    append_json_string(out, info.contact);
  }
  out.push_back(',');
  append_privacy(out, info.privacy);
  out.append(R"(,"peer_ids":)");
  append_json_strings(out, info.peer_ids);
  out.append(R"(,"listen_addrs":)");
  append_json_strings(out, info.listen_addrs);
  out.push_back(',');
  append_clock(out, info.clock);
  out.push_back('}');
}

}  // namespace mexport::exporter
