// SPDX-License-Identifier: MIT
#include "api/event_filter.hpp"

#include "api/target.hpp"
#include "export/json_scanner.hpp"
#include "multiformats/peer_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mexport::api {
namespace {

/// How a CID stands in an event, up to its text. Within a text, the quotes would be escaped.
constexpr std::string_view kBeforeCid = R"({"/":")";

std::vector<std::string> list_of(std::string_view query, std::string_view name) {
  std::vector<std::string> list;
  for (const auto& value : query_values(query, name)) {
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto item = rest.substr(0, rest.find(','));
      if (!item.empty()) list.emplace_back(item);
      rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    }
  }
  return list;
}

std::optional<monitor::EventKind> kind_named(std::string_view name) {
  for (std::size_t i = 0; i < monitor::kEventKinds; ++i) {
    const auto kind = static_cast<monitor::EventKind>(i);
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

bool has_cid(std::string_view event, std::string_view prefix) {
  for (auto at = event.find(kBeforeCid); at != std::string_view::npos;
       at = event.find(kBeforeCid, at)) {
    at += kBeforeCid.size();
    if (event.substr(at).starts_with(prefix)) return true;
  }
  return false;
}

bool is_of(std::string_view event, const std::vector<std::string>& peers) {
  const auto member = exporter::find_member(event, "peer");
  const auto peer = member ? exporter::string_content(*member) : std::nullopt;
  return peer && std::ranges::find(peers, *peer) != peers.end();
}

}  // namespace

bool EventFilter::matches(monitor::EventKind kind, std::string_view event) const {
  if (!wants(kind)) return false;
  if (!peers.empty() && !is_of(event, peers)) return false;
  return cid_prefixes.empty() || std::ranges::any_of(cid_prefixes, [&](std::string_view prefix) {
           return has_cid(event, prefix);
         });
}

std::expected<EventFilter, std::string> parse_event_filter(std::string_view query) {
  for (const auto& name : query_names(query)) {
    if (name == "peer" || name == "cid" || name == "kind") continue;
    return std::unexpected("there are only peer, cid and kind");
  }
  EventFilter filter;
  for (const auto& text : list_of(query, "peer")) {
    const auto peer = multiformats::PeerId::from_string(text);
    if (!peer) return std::unexpected("peer: no peer id");
    filter.peers.push_back(peer->to_string());
  }
  filter.cid_prefixes = list_of(query, "cid");
  const auto kinds = list_of(query, "kind");
  if (std::max({filter.peers.size(), filter.cid_prefixes.size(), kinds.size()}) >
      kMaxFilterValues) {
    return std::unexpected(fmt::format("more than {} values", kMaxFilterValues));
  }
  if (kinds.empty()) filter.kinds.fill(true);
  for (const auto& name : kinds) {
    const auto kind = kind_named(name);
    if (!kind) return std::unexpected("kind: no kind of event");
    filter.kinds.at(static_cast<std::size_t>(*kind)) = true;
  }
  return filter;
}

}  // namespace mexport::api
