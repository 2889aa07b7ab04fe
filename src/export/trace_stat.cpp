// SPDX-License-Identifier: MIT
#include "export/trace_stat.hpp"

#include "export/json_scanner.hpp"
#include "export/trace_files.hpp"
#include "export/trace_line.hpp"
#include "export/trace_reader.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace mexport::exporter {
namespace {

class Collector {
 public:
  explicit Collector(Disk& disk) : disk_(disk) {}

  base::Status add_file(const std::string& path);
  TraceStatistics finish(std::size_t top_agents);

 private:
  void add_line(std::string_view text);
  void add_time(std::string_view timestamp);
  void add_message(std::string_view body);
  void add_entry(std::string_view entry);
  void add_cid(std::optional<std::string_view> link);
  void add_agent(std::string_view peer, std::string_view object);

  Disk& disk_;
  TraceStatistics statistics_;
  std::unordered_set<std::string> peers_;
  std::unordered_set<std::uint64_t> cids_;
  std::unordered_map<std::string, std::string> agents_;  // by peer
};

base::Status Collector::add_file(const std::string& path) {
  auto opened = TraceReader::open_listed(disk_, path);
  if (!opened) return base::fail(opened.error());
  if (!*opened) return {};
  auto& reader = *opened;
  ++statistics_.files;
  for (;;) {
    const auto line = reader->next();
    if (!line) return base::fail(line.error());
    if (!*line) break;
    ++statistics_.lines;
    add_line(**line);
  }
  const bool cut_off = reader->end() == TraceEnd::unfinished && !is_unfinished(path);
  if (cut_off || reader->end() == TraceEnd::broken) ++statistics_.broken_files;
  return {};
}

void Collector::add_line(std::string_view text) {
  const auto line = parse_trace_line(text);
  if (!line) {
    ++statistics_.malformed;
    return;
  }
  ++statistics_.events[std::string(line->kind)];
  if (line->kind == "gap" && !line->is_gap_elsewhere()) {
    const auto count = find_member(line->body, "count");
    statistics_.lost += count ? parse_number(*count).value_or(0) : 0;
  }
  const bool message = line->kind == "bitswap_message";
  const bool identify = line->kind == "identify_event";
  if (!message && !identify && line->kind != "connection_event") return;
  add_time(line->timestamp);
  peers_.emplace(line->peer);
  if (message) add_message(line->body);
  add_agent(line->peer, identify ? line->body : line->ext);
}

void Collector::add_time(std::string_view timestamp) {
  const auto time = parse_timestamp(timestamp);
  if (!time) return;
  auto& first = statistics_.first_ns;
  auto& last = statistics_.last_ns;
  first = std::min(first.value_or(*time), *time);
  last = std::max(last.value_or(*time), *time);
}

void Collector::add_message(std::string_view body) {
  JsonScanner members(body);
  while (const auto member = members.next_member()) {
    JsonScanner elements(member->value);
    if (member->key == "wantlist_entries") {
      while (const auto entry = elements.next_element()) add_entry(*entry);
    } else if (member->key == "blocks") {
      while (const auto block = elements.next_element()) {
        ++statistics_.blocks;
        add_cid(block);
      }
    } else if (member->key == "block_presences") {
      while (const auto presence = elements.next_element()) {
        ++statistics_.block_presences;
        add_cid(find_member(*presence, "cid"));
      }
    }
  }
}

void Collector::add_entry(std::string_view entry) {
  ++statistics_.wantlist_entries;
  bool cancel = false;
  JsonScanner members(entry);
  while (const auto member = members.next_member()) {
    // The consumer's own traces have their keys in snake_case.
    if (member->key == "Cid" || member->key == "cid") add_cid(member->value);
    if (member->key == "Cancel" || member->key == "cancel") cancel = member->value == "true";
  }
  ++(cancel ? statistics_.cancels : statistics_.wants);
}

void Collector::add_cid(std::optional<std::string_view> link) {
  if (!link) return;
  if (const auto text = find_member(*link, "/")) cids_.insert(std::hash<std::string_view>{}(*text));
}

void Collector::add_agent(std::string_view peer, std::string_view object) {
  const auto value = find_member(object, "agent_version");
  const auto agent = value ? string_content(*value) : std::nullopt;
  if (!agent) return;
  auto& known = agents_[std::string(peer)];
  if (known != *agent) known = *agent;
}

TraceStatistics Collector::finish(std::size_t top_agents) {
  statistics_.peers = peers_.size();
  statistics_.cids = cids_.size();
  std::unordered_map<std::string_view, std::uint64_t> counts;
  for (const auto& [peer, agent] : agents_) ++counts[agent];
  auto& agents = statistics_.agents;
  agents.assign(counts.begin(), counts.end());
  std::ranges::sort(agents, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (agents.size() > top_agents) agents.resize(top_agents);
  return std::move(statistics_);
}

}  // namespace

double TraceStatistics::seconds() const {
  if (!first_ns || !last_ns) return 0;
  return static_cast<double>(*last_ns - *first_ns) / 1e9;
}

double TraceStatistics::events_per_second() const {
  if (seconds() <= 0) return 0;
  std::uint64_t count = 0;
  for (const auto& [kind, number] : events) count += number;
  return static_cast<double>(count) / seconds();
}

double TraceStatistics::entries_per_second() const {
  return seconds() > 0 ? static_cast<double>(wantlist_entries) / seconds() : 0;
}

base::Result<TraceStatistics> trace_statistics(Disk& disk, std::span<const std::string> paths,
                                               std::size_t top_agents) {
  const auto files = expand_traces(disk, paths);
  if (!files) return base::fail(files.error());
  Collector collector(disk);
  for (const auto& file : *files) {
    if (auto status = collector.add_file(file); !status) return base::fail(status.error());
  }
  return collector.finish(top_agents);
}

}  // namespace mexport::exporter
