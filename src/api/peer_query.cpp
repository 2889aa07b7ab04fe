// SPDX-License-Identifier: MIT
#include "api/peer_query.hpp"

#include "api/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mexport::api {
namespace {

constexpr std::array<std::string_view, 6> kNames{"limit",    "after",     "agent",
                                                 "protocol", "direction", "address"};

std::optional<std::size_t> limit_from(std::string_view text) {
  std::size_t limit = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool whole = error == std::errc() && rest == text.data() + text.size();
  return whole && limit >= 1 && limit <= PeerQuery::kMaxLimit ? std::optional(limit) : std::nullopt;
}

std::optional<monitor::Direction> direction_from(std::string_view text) {
  for (const auto direction : {monitor::Direction::inbound, monitor::Direction::outbound}) {
    if (to_string(direction) == text) return direction;
  }
  return std::nullopt;
}

}  // namespace

bool PeerQuery::matches(const monitor::PeerView& peer) const {
  if (after && peer.peer <= *after) return false;
  if (!agent.empty() &&
      (!peer.agent_version || peer.agent_version->find(agent) == std::string::npos)) {
    return false;
  }
  if (!protocol.empty() &&
      (!peer.protocols || std::ranges::find(*peer.protocols, protocol) == peer.protocols->end())) {
    return false;
  }
  return std::ranges::any_of(peer.connections, [&](const monitor::ConnectionView& connection) {
    return (!direction || connection.direction == *direction) &&
           connection.address.starts_with(address);
  });
}

std::expected<PeerQuery, std::string> parse_peer_query(std::string_view query) {
  for (const auto& name : query_names(query)) {
    if (std::ranges::find(kNames, name) != kNames.end()) continue;
    return std::unexpected(fmt::format("there are only {}", fmt::join(kNames, ", ")));
  }
  PeerQuery wanted{.agent = query_value(query, "agent"),
                   .protocol = query_value(query, "protocol"),
                   .address = query_value(query, "address")};
  if (const auto text = query_value(query, "limit"); !text.empty()) {
    const auto limit = limit_from(text);
    if (!limit) return std::unexpected(fmt::format("limit: 1 to {}", PeerQuery::kMaxLimit));
    wanted.limit = *limit;
  }
  if (const auto text = query_value(query, "after"); !text.empty()) {
    const auto peer = multiformats::PeerId::from_string(text);
    if (!peer) return std::unexpected("after: no peer id");
    wanted.after = *peer;
  }
  if (const auto text = query_value(query, "direction"); !text.empty()) {
    wanted.direction = direction_from(text);
    if (!wanted.direction) return std::unexpected("direction: inbound or outbound");
  }
  return wanted;
}

}  // namespace mexport::api
