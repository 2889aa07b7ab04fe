// SPDX-License-Identifier: MIT
#include "export/peerstore/peer_sighting.hpp"

#include "export/json_scanner.hpp"
#include "export/trace_line.hpp"
#include "monitor/observation.hpp"

#include <limits>

namespace mexport::exporter {
namespace {

std::string beginning_of(std::string_view list) {
  if (list.size() <= PeerSighting::kMaxList) return std::string(list);
  std::string shorter;
  JsonScanner elements(list);
  while (const auto element = elements.next_element()) {
    if (shorter.size() + element->size() + 2 > PeerSighting::kMaxList) break;
    shorter += shorter.empty() ? '[' : ',';
    shorter += *element;
  }
  if (shorter.empty()) shorter = '[';
  return shorter + ']';
}

void read_identify(std::string_view body, PeerSighting& sighting) {
  JsonScanner members(body);
  while (const auto member = members.next_member()) {
    if (member->key == "agent_version" && member->value.size() <= PeerSighting::kMaxAgent) {
      sighting.agent_version = member->value;
    } else if (member->key == "protocols") {
      sighting.protocols = beginning_of(member->value);
    } else if (member->key == "listen_addrs") {
      sighting.addresses = beginning_of(member->value);
    }
  }
}

std::optional<std::int64_t> read_latency(std::string_view ext) {
  const auto value = ext.empty() ? std::nullopt : find_member(ext, "latency_ns");
  const auto latency = value ? parse_number(*value) : std::nullopt;
  if (!latency || *latency > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(*latency);
}

}  // namespace

std::optional<PeerSighting> read_sighting(std::string_view line) {
  const auto event = parse_trace_line(line);
  if (!event) return std::nullopt;
  PeerSighting sighting;
  sighting.peer = event->peer;
  if (event->kind == to_string(monitor::EventKind::identify_event)) {
    read_identify(event->body, sighting);
  } else if (event->kind == to_string(monitor::EventKind::connection_event)) {
    sighting.latency_ns = read_latency(event->ext);
  } else {
    return std::nullopt;
  }
  return sighting;
}

}  // namespace mexport::exporter
